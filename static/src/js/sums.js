// The sum of numbers that must make a whole, while they are being typed: <output data-sum="weights."> adds up the
// controls whose names begin so. The server checks it in any case.

document.addEventListener("input", ({ target }) => {
  for (const output of target.form?.querySelectorAll("output[data-sum]") ?? []) {
    if (!target.name.startsWith(output.dataset.sum)) continue;
    const parts = [...target.form.elements].filter(({ name }) => name.startsWith(output.dataset.sum));
    output.value = +parts.reduce((sum, { value }) => sum + (Number(value) || 0), 0).toFixed(4);
  }
});
