"""Body templates: which one is in use, and the verbs of who keeps them."""

from postmortems.body_templates.reading import Template, TemplateSection, offered, template_for
from postmortems.body_templates.shipped import Report, load_shipped
from postmortems.body_templates.verbs import (
    add,
    change,
    may_change_templates,
    remove,
    restore,
    restore_shipped,
)

__all__ = [
    "Report",
    "Template",
    "TemplateSection",
    "add",
    "change",
    "load_shipped",
    "may_change_templates",
    "offered",
    "remove",
    "restore",
    "restore_shipped",
    "template_for",
]
