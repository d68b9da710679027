// The page works without any of this; every module adds one comfort and finds its own elements.

import "./combo.js";
import "./shortcuts.js";
import "./menus.js";
import "./copy.js";
import "./lists.js";
import "./drafts.js";
import "./forms.js";
import "./dialog.js";
import "./exchange.js";
import "./log.js";
import "./ticks.js";
import "./inline.js";
import "./print.js";
import "./sums.js";
import { announceStatus, focusProblem } from "./live.js";

document.documentElement.dataset.js = "";
focusProblem(document);
announceStatus(document);
