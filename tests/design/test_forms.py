"""Forms read well aloud: every label, hint and error belongs to an input that is there."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from core.design.forms import DonaraBoundField, kind_of
from core.design.gallery.samples import SampleForm
from tests.design.page import Page, faults


class Everything(SampleForm):
    """The gallery's fields and those that are rarer."""

    starts = forms.SplitDateTimeField(label="Starts", widget=forms.SplitDateTimeWidget)
    day = forms.DateField(label="Day", widget=forms.SelectDateWidget)
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("These answers do not go together.")


def filled() -> dict[str, object]:
    return {"name": "Ada", "year": "1980", "use": "cancer", "hospital": "a", "sure": "on"}


def test_a_new_form_has_no_fault_and_no_summary() -> None:
    markup = str(SampleForm())
    assert faults(markup) == []
    assert "There is a problem" not in markup


def test_every_error_leads_to_an_input() -> None:
    form = Everything(data={})
    markup = str(form)
    assert faults(markup) == []
    page = Page(markup)
    named = sum(len(form[name].errors) for name in form.fields if name != "secret")
    assert len([href for href in page.values("href") if href.startswith("#id_")]) == named >= 8
    assert "These answers do not go together." in page.text
    assert "Part of this page was lost." in page.text
    assert "This field is required" not in page.text


def test_the_summary_takes_the_focus_once() -> None:
    page = Page(str(SampleForm(data={})))
    assert len(page.values("autofocus")) == 1
    assert {"tabindex": "-1", "role": "alert"}.items() <= next(a for _, a in page.elements if "autofocus" in a).items()


def test_a_missing_answer_is_asked_for_in_plain_words() -> None:
    text = Page(str(SampleForm(data={}))).text
    for sentence in (
        "Fill in “Your name”",
        "Enter the year in which you were born",
        "Choose an answer for “What may your images be used for?”",
        "Choose a file for “Images”",
        "Tick “I have read what becomes of my images” to go on",
    ):
        assert text.count(sentence) == 2  # above the form, and at the field


def test_what_was_entered_stays_after_an_error() -> None:
    page = Page(str(SampleForm(data={"name": 'Ada "A" <b>', "use": "cancer"})))
    fields = {attrs.get("id"): attrs for attrs in page.all("input")}
    assert fields["id_name"]["value"] == 'Ada "A" <b>'
    assert "checked" in fields["id_use_1"]
    assert page.all("b") == []


def test_choices_show_their_hints() -> None:
    assert "Only studies that are about cancer." in Page(str(SampleForm())).text


def test_a_right_form_is_accepted_as_before() -> None:
    form = SampleForm(data=filled(), files={"images": SimpleUploadedFile("a.dcm", b"x")})
    assert form.is_valid(), form.errors


def test_two_forms_with_prefixes_do_not_share_ids() -> None:
    source = Template(
        "{% load design %}{% for form in forms %}{% for bound in form %}{% field bound %}{% endfor %}{% endfor %}"
    )
    assert faults(source.render(Context({"forms": [SampleForm(prefix="a"), SampleForm(prefix="b")]}))) == []


def test_a_label_is_not_repeated_inside_its_input() -> None:
    class Repeating(forms.Form):
        email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"placeholder": "E-mail"}))
        year = forms.CharField(label="Year", widget=forms.TextInput(attrs={"placeholder": "1980"}))

    assert Page(str(Repeating())).values("placeholder") == ["1980"]


def test_an_unknown_widget_is_a_plain_input() -> None:
    class Strange(forms.Widget):
        pass

    assert kind_of(Strange()) == "input"
    assert isinstance(SampleForm()["name"], DonaraBoundField)
