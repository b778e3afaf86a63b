//! Forms: a field with its label, hint and error in one piece.

use maud::{Markup, Render, html};

use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::text::{Value, Words};

/// What may be typed into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// One line.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A password, not shown.
    Password,
    /// A telephone number.
    Tel,
    /// Words to look for.
    Search,
    /// A whole number.
    Number,
    /// A color, `#rrggbb`.
    Color,
    /// Several lines.
    TextArea,
    /// A file.
    File {
        /// Which kinds, as in the `accept` attribute.
        accept: &'static str,
        /// Whether more than one may be chosen.
        multiple: bool,
    },
}

/// A field with its label, hint and error.
#[derive(Debug, Clone, Copy, Default)]
pub struct Field<'a> {
    /// The name in the sent form; the element's id is made of it.
    pub name: &'a str,
    /// What to enter.
    pub label: &'a str,
    /// What was entered before.
    pub value: &'a str,
    /// What may be entered.
    pub kind: Kind,
    /// A sentence that helps.
    pub hint: Option<&'a str>,
    /// A sentence that says what is wrong.
    pub error: Option<&'a str>,
    /// Whether it must be filled; others are marked as optional.
    pub required: bool,
    /// Whether it is one of several of which one must be filled: not marked as optional either.
    pub either: bool,
    /// The browser's word for it (`email`, `new-password`).
    pub autocomplete: Option<&'a str>,
    /// The id of the `datalist` that offers values while one types.
    pub list: Option<&'a str>,
    /// Whether the page starts here.
    pub autofocus: bool,
    /// Shown but not to be changed, for this reason.
    pub locked: Option<&'a str>,
}

impl Field<'_> {
    /// The field's markup.
    pub fn render(&self) -> Markup {
        let described = described_by(self.name, self.hint.is_some(), self.error.is_some(), self.locked.is_some());
        html! {
            div.field .invalid[self.error.is_some()] {
                (label_row(self.name, self.label, self.required || self.either || self.locked.is_some() || self.kind == Kind::Search))
                @if let Some(hint) = self.hint { p.hint id={ (field_id(self.name)) "-hint" } { (hint) } }
                @match self.kind {
                    Kind::TextArea => { (self.area(described.as_deref())) }
                    Kind::File { accept, multiple } => {
                        input id=(field_id(self.name)) type="file" name=(self.name) accept=(accept) multiple[multiple]
                            required[self.required] disabled[self.locked.is_some()] aria-describedby=[described.as_deref()]
                            aria-invalid=[self.error.map(|_| "true")];
                    }
                    Kind::Text | Kind::Email | Kind::Password | Kind::Tel | Kind::Search | Kind::Number | Kind::Color => {
                        (self.line(described.as_deref()))
                    }
                }
                @if let Some(reason) = self.locked { p.locked id={ (field_id(self.name)) "-locked" } { (icon(Icon::Lock)) (reason) } }
                (error_line(self.name, self.error))
            }
        }
    }

    fn line(&self, described: Option<&str>) -> Markup {
        html! {
            input id=(field_id(self.name)) type=(self.input_type()) name=(self.name) value=(self.value)
                inputmode=[(self.kind == Kind::Number).then_some("numeric")]
                required[self.required && self.kind != Kind::Color] readonly[self.locked.is_some()] autofocus[self.autofocus]
                autocomplete=[self.autocomplete] list=[self.list]
                aria-describedby=[described] aria-invalid=[self.error.map(|_| "true")];
        }
    }

    fn area(&self, described: Option<&str>) -> Markup {
        html! {
            textarea id=(field_id(self.name)) name=(self.name) rows="5"
                required[self.required] readonly[self.locked.is_some()] autofocus[self.autofocus]
                autocomplete=[self.autocomplete]
                aria-describedby=[described] aria-invalid=[self.error.map(|_| "true")] { (self.value) }
        }
    }

    /// A number is a text field with a number pad: `type=number` loses what it cannot read instead of sending it back.
    fn input_type(&self) -> &'static str {
        match self.kind {
            Kind::Email => "email",
            Kind::Password => "password",
            Kind::Tel => "tel",
            Kind::Search => "search",
            Kind::Color => "color",
            Kind::Text | Kind::Number | Kind::TextArea | Kind::File { .. } => "text",
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        Field::render(self)
    }
}

/// One of several choices.
#[derive(Debug, Clone, Copy, Default)]
pub struct Select<'a> {
    /// The name in the sent form.
    pub name: &'a str,
    /// What to choose.
    pub label: &'a str,
    /// Value and label of each choice.
    pub options: &'a [(&'a str, &'a str)],
    /// The chosen value.
    pub selected: &'a str,
    /// A sentence that helps.
    pub hint: Option<&'a str>,
    /// A sentence that says what is wrong.
    pub error: Option<&'a str>,
    /// Whether one must be chosen.
    pub required: bool,
    /// Shown but not to be changed, for this reason.
    pub locked: Option<&'a str>,
    /// Another field of the form, and what the script fills into it with each choice, in their order, until somebody fills in something
    /// else there.
    pub leads: Option<(&'a str, &'a [&'a str])>,
    /// Values whose choice is marked, for what the style sheet hides while one of them is chosen.
    pub marked: &'a [&'a str],
}

impl Render for Select<'_> {
    fn render(&self) -> Markup {
        let described = described_by(self.name, self.hint.is_some(), self.error.is_some(), self.locked.is_some());
        // Where the first choice is one, there is always one: a browser has nothing to ask for, and HTML allows the word only where it has.
        let asked = self.required && self.options.first().is_some_and(|(value, _)| value.is_empty());
        html! {
            div.field .invalid[self.error.is_some()] {
                (label_row(self.name, self.label, self.required || self.locked.is_some()))
                @if let Some(hint) = self.hint { p.hint id={ (field_id(self.name)) "-hint" } { (hint) } }
                select id=(field_id(self.name)) name=(self.name) required[asked] disabled[self.locked.is_some()]
                    aria-describedby=[described.as_deref()] aria-invalid=[self.error.map(|_| "true")]
                    data-leads=[self.leads.map(|(field, _)| field)] data-was=[self.leads.map(|_| self.selected)] {
                    @for (index, (value, label)) in self.options.iter().enumerate() {
                        option value=(value) selected[*value == self.selected]
                            data-marked[self.marked.contains(value)]
                            data-lead=[self.leads.and_then(|(_, leads)| leads.get(index))] { (label) }
                    }
                }
                @if let Some(reason) = self.locked {
                    // A disabled list is not sent, so its value travels beside it.
                    input type="hidden" name=(self.name) value=(self.selected);
                    p.locked id={ (field_id(self.name)) "-locked" } { (icon(Icon::Lock)) (reason) }
                }
                (error_line(self.name, self.error))
            }
        }
    }
}

/// Yes or no.
#[derive(Debug, Clone, Copy, Default)]
pub struct Checkbox<'a> {
    /// The name in the sent form.
    pub name: &'a str,
    /// What is sent when ticked.
    pub value: &'a str,
    /// What ticking means.
    pub label: &'a str,
    /// A sentence that helps.
    pub hint: Option<&'a str>,
    /// Whether it is ticked.
    pub checked: bool,
    /// Whether it cannot be changed.
    pub disabled: bool,
}

impl Render for Checkbox<'_> {
    fn render(&self) -> Markup {
        tick_line("checkbox", self)
    }
}

/// One of a group of radio buttons; the same words as a check box.
pub fn radio(choice: &Checkbox<'_>) -> Markup {
    tick_line("radio", choice)
}

/// Several controls under one question.
pub fn group(legend: &str, hint: Option<&str>, content: &Markup) -> Markup {
    html! {
        fieldset { legend { (legend) } @if let Some(hint) = hint { p.hint { (hint) } } (content) }
    }
}

/// The hidden number that makes a form count once, however often it is sent.
pub fn form_id(id: &str) -> Markup {
    hidden("form_id", id)
}

/// A hidden value.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The last line of a form: a note (or the number of ticked rows, with `data-count`) and the buttons, the main one last.
pub fn buttons(note: Option<&Markup>, items: &[Markup]) -> Markup {
    html! {
        div.buttons {
            @if let Some(note) = note { div.note { (note) } }
            @for item in items { (item) }
        }
    }
}

/// The link that leaves a form; in a dialog it only closes it.
pub fn cancel(href: &str) -> Markup {
    leave(href, "Cancel")
}

/// The way back from a dialog whose own verb is Cancel, in words that say what comes of it.
pub fn leave(href: &str, label: &str) -> Markup {
    html! { a.button.secondary href=(href) data-close { (label) } }
}

/// What is wrong, above the form, each with a link to its field. An empty field name makes a line without a link.
pub fn error_summary(errors: &[(&str, &str)]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.error-summary role="alert" tabindex="-1" {
                (icon(Icon::Cross))
                ul {
                    @for (name, sentence) in errors {
                        li { @if name.is_empty() { (sentence) } @else { a href={ "#" (field_id(name)) } { (sentence) } } }
                    }
                }
            }
        }
    }
}

/// How much a button weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one filled button of a page or dialog.
    Primary,
    /// Outlined.
    Secondary,
    /// Outlined in red.
    Danger,
    /// Filled in red: the confirming button of a dangerous dialog.
    DangerPrimary,
    /// Only its words.
    Quiet,
}

impl ButtonKind {
    /// The classes that the style sheet knows.
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Secondary => "button secondary",
            Self::Danger => "button danger",
            Self::DangerPrimary => "button danger-primary",
            Self::Quiet => "button quiet-button",
        }
    }
}

/// A button that sends its form.
pub fn button(label: &str, kind: ButtonKind, picture: Option<Icon>) -> Markup {
    html! { button class=(kind.class()) type="submit" { (face(label, picture)) } }
}

/// A button that sends its form with one more value, for forms with several.
pub fn value_button(label: &str, kind: ButtonKind, picture: Option<Icon>, name: &str, value: &str) -> Markup {
    html! { button class=(kind.class()) type="submit" name=(name) value=(value) { (face(label, picture)) } }
}

/// A link that looks like a button.
pub fn link_button(label: &str, href: &str, kind: ButtonKind, picture: Option<Icon>) -> Markup {
    html! { a class=(kind.class()) href=(href) { (face(label, picture)) } }
}

/// A button that opens a page as a dialog; without scripts, the page. The accessible name tells it from others that look the same.
pub fn dialog_link(label: &str, href: &str, kind: ButtonKind, picture: Option<Icon>, accessible_name: Option<&str>) -> Markup {
    html! { a class=(kind.class()) href=(href) data-dialog aria-label=[accessible_name] { (face(label, picture)) } }
}

/// An icon that leads somewhere, or with `dialog` opens a dialog.
pub fn icon_link<Name: Render, Href: Render>(picture: Icon, accessible_name: Name, href: Href, dialog: bool) -> IconLink<Name, Href> {
    IconLink { picture, name: accessible_name, href, dialog }
}

/// Such an icon. A long list has hundreds, so they are written straight into the page; a link with a name and no class is one.
#[derive(Debug, Clone, Copy)]
pub struct IconLink<Name, Href> {
    picture: Icon,
    name: Name,
    href: Href,
    dialog: bool,
}

impl<Name: Render, Href: Render> Render for IconLink<Name, Href> {
    fn render_to(&self, page: &mut String) {
        page.push_str("<a href=");
        Value(&self.href).render_to(page);
        page.push_str(if self.dialog { " data-dialog aria-label=" } else { " aria-label=" });
        Value(&self.name).render_to(page);
        page.push('>');
        icon(self.picture).render_to(page);
        page.push_str("</a>");
    }
}

/// A small button in a row that leads somewhere: what it says, its name for screen readers, and where to. Written straight into the page.
#[derive(Debug, Clone, Copy)]
pub struct SmallLink<'a, Name, Href>(pub &'a str, pub Name, pub Href);

impl<Name: Render, Href: Render> Render for SmallLink<'_, Name, Href> {
    fn render_to(&self, page: &mut String) {
        page.push_str("<a class=button href=");
        Value(&self.2).render_to(page);
        page.push_str(" aria-label=");
        Value(&self.1).render_to(page);
        page.push('>');
        Words(self.0).render_to(page);
        page.push_str("</a>");
    }
}

/// An icon that sends its form.
pub fn icon_button(picture: Icon, accessible_name: &str) -> Markup {
    html! { button.icon-button type="submit" aria-label=(accessible_name) title=(accessible_name) { (icon(picture)) } }
}

/// The element id of the field with this name.
pub fn field_id(name: &str) -> String {
    format!("f-{name}")
}

fn label_row(name: &str, label: &str, required: bool) -> Markup {
    html! {
        div.label-row {
            label for=(field_id(name)) { (label) }
            @if !required { span.optional { "Optional" } }
        }
    }
}

fn error_line(name: &str, error: Option<&str>) -> Markup {
    html! {
        @if let Some(error) = error { p.error id={ (field_id(name)) "-error" } { (icon(Icon::Cross)) (error) } }
    }
}

fn described_by(name: &str, hint: bool, error: bool, locked: bool) -> Option<String> {
    let parts: Vec<String> = [(hint, "hint"), (locked, "locked"), (error, "error")]
        .into_iter()
        .filter(|(shown, _)| *shown)
        .map(|(_, part)| format!("{}-{part}", field_id(name)))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn tick_line(kind: &str, tick: &Checkbox<'_>) -> Markup {
    let id = format!("{}-{}", field_id(tick.name), tick.value);
    html! {
        div.tick-line {
            input id=(id) type=(kind) name=(tick.name) value=(tick.value) checked[tick.checked] disabled[tick.disabled]
                aria-describedby=[tick.hint.map(|_| format!("{id}-hint"))];
            div {
                label for=(id) { (tick.label) }
                @if let Some(hint) = tick.hint { p.hint id={ (id) "-hint" } { (hint) } }
            }
        }
    }
}

fn face(label: &str, picture: Option<Icon>) -> Markup {
    html! { @if let Some(picture) = picture { (icon(picture)) } (label) }
}
