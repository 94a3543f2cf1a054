"""Which of our sentences need two people? Those an alert or a notice is made of: no single answer may ever be one of them."""

KEYS = (
    "alerts.alert",
    "alerts.night",
    "alerts.update",
    "alerts.over",
    "alerts.doubt",
    "alerts.correction",
    "alerts.correction_unfounded",
    "notices.notice",
    "notices.change",
    "notices.cancelled",
)
