"""Where curators and administrators keep the body templates: the list, one of them, removing and restoring."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmortems import body_templates
from postmortems.digits import number_in
from postmortems.models import BodyTemplate
from postmortems.section_names import KIND
from postmortems.web import body_template_forms as forms
from postmortems.web.body_template_forms import Form
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import render_page
from taxonomy import lookup
from taxonomy.lookup import Terms

Given = ParamSpec("Given")
View = Callable[Concatenate[AuthenticatedRequest, Given], HttpResponse]


@dataclass(frozen=True)
class Row:
    """A template of the list, with the names of the kinds it is for."""

    template: BodyTemplate
    name: str
    kinds: list[str]
    sections: int


def for_keepers(view: View[Given]) -> View[Given]:
    """A page that asks visitors to sign in and refuses who does not keep templates."""

    @wraps(view)
    def checked(
        request: AuthenticatedRequest, *args: Given.args, **kwargs: Given.kwargs
    ) -> HttpResponse:
        if not body_templates.may_change_templates(request.user):
            raise PermissionDenied(_("Only curators change templates."))
        return view(request, *args, **kwargs)

    return login_required(checked)


@for_keepers
@require_safe
def templates(request: AuthenticatedRequest) -> HttpResponse:
    """All templates, those that were removed at the end."""
    terms = lookup.current()
    rows = [_row(item, terms) for item in BodyTemplate.objects.order_by("position", "slug")]
    context = {
        "rows": [row for row in rows if not row.template.removed_at],
        "removed": [row for row in rows if row.template.removed_at],
    }
    return render_page(request, "body_templates/list.html", context)


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: AuthenticatedRequest) -> HttpResponse:
    """Add a template."""
    if request.method != "POST":
        return _form(request, forms.fixed())
    button = request.POST.get("do", "save")
    form = forms.sent(request.POST).after(button)
    if button != "save":
        return _form(request, form)
    try:
        made = body_templates.add(form.slug, by=request.user, **form.values)
    except ValidationError as error:
        return _form(request, form.with_errors(error))
    messages.success(request, _("Added the template “%(name)s”.") % {"name": _name(made)})
    return redirect("templates")


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Change what a template is called, what it is for, and its sections."""
    template = _get(slug)
    if request.method != "POST":
        return _form(request, forms.of_template(template), template)
    button = request.POST.get("do", "save")
    form = forms.sent(request.POST).after(button)
    if button != "save":
        return _form(request, form, template)
    place = number_in(request.POST.get("place", ""), 0, 1_000)
    try:
        changed = body_templates.change(
            template, by=request.user, revision=_revision(request), place=place, **form.values
        )
    except ValidationError as error:
        return _form(request, form.with_errors(error), template)
    messages.success(request, _("Changed “%(name)s”.") % {"name": _name(changed)})
    return redirect("templates")


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def template_remove(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Ask whether to remove a template, and remove it."""
    template = _get(slug)
    if request.method != "POST":
        context = {"template": template, "name": _name(template)}
        return render_page(request, "body_templates/remove.html", context)
    body_templates.remove(template, by=request.user)
    messages.success(request, _("Removed “%(name)s”.") % {"name": _name(template)})
    return redirect("templates")


@require_POST
@for_keepers
def template_restore(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Offer a removed template again."""
    template = _get(slug)
    try:
        body_templates.restore(template, by=request.user)
        messages.success(request, _("Restored “%(name)s”.") % {"name": _name(template)})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("templates")


@for_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def template_shipped(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Ask whether to go back to what the product comes with, and do it."""
    template = _get(slug)
    if template.shipped is None:
        raise Http404
    if request.method != "POST":
        context = {"template": template, "name": _name(template)}
        return render_page(request, "body_templates/shipped.html", context)
    try:
        body_templates.restore_shipped(template, by=request.user, revision=_revision(request))
        messages.success(request, _("Restored “%(name)s”.") % {"name": _name(template)})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("template-edit", template.slug)


# --- What the pages show ------------------------------------------------------------------------


def _form(
    request: AuthenticatedRequest, form: Form, template: BodyTemplate | None = None
) -> HttpResponse:
    language = translation.get_language() or "en"
    known = template.kinds if template else ()
    context = {
        "form": form,
        "rows": list(form.shown),
        "template": template,
        "name": _name(template) if template else "",
        # What was sent keeps the revision it was made from, whatever happened since.
        "revision": _revision(request) or (template.revision if template else 0),
        "kinds": forms.kind_choices((*known, *form.kinds), language),
        "places": _places(template, language) if template else [],
        "place": number_in(request.POST.get("place", ""), 0, 1_000),
    }
    return render_page(request, "body_templates/form.html", context)


def _places(template: BodyTemplate, language: str) -> list[tuple[int, str, bool]]:
    """The places among the templates: after which of them."""
    found = list(BodyTemplate.objects.offered())
    own = next((place for place, item in enumerate(found) if item.pk == template.pk), len(found))
    others = [item for item in found if item.pk != template.pk]
    after = (_("After “%(name)s”") % {"name": item.name_in(language)} for item in others)
    return [(place, name, place == own) for place, name in enumerate([_("First"), *after])]


def _row(template: BodyTemplate, terms: Terms) -> Row:
    language = translation.get_language() or "en"
    found = ((kind, terms.get(KIND, kind)) for kind in template.kinds)
    kinds = [term.name(language) if term else kind for kind, term in found]
    return Row(template, _name(template), kinds, len(template.sections))


def _get(slug: str) -> BodyTemplate:
    found = BodyTemplate.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _revision(request: AuthenticatedRequest) -> int | None:
    """The revision that the sent form was made from."""
    return number_in(request.POST.get("revision", ""), 1, 2**31 - 1)


def _name(template: BodyTemplate) -> str:
    return template.name_in(translation.get_language() or "en")
