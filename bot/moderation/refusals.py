"""How does a rule say no? With a text of the catalog and its values, so that a page or a phone can say it to the person."""


class Refused(RuntimeError):
    """Nothing was done. `key` and `values` say why, in any language."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values
