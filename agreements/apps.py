from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The paper and the IP: agreements, obligations, disclosures, patents, licenses, revenue, equity."""

    name = "agreements"
