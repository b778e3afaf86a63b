//! A page as a browser reads it: a tree of elements, their words, and the forms among them.

use html5gum::{Token, Tokenizer};

/// An element, or with an empty name the whole page.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// In lower case.
    pub name: String,
    /// Names and decoded values.
    pub attributes: Vec<(String, String)>,
    /// What is inside.
    pub children: Vec<Node>,
}

/// A piece of a page.
#[derive(Clone, Debug)]
pub enum Node {
    /// Decoded text.
    Text(String),
    /// An element.
    Element(Element),
}

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use", "path", "circle", "rect",
];

/// Reads a page.
pub fn parse(page: &str) -> Element {
    let mut open = vec![Element::default()];
    for token in Tokenizer::new(page) {
        match token.expect("reading from memory does not fail") {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let attributes = tag
                    .attributes
                    .iter()
                    .map(|(name, value)| (String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(value).into_owned()))
                    .collect();
                end_before(&name, &mut open);
                let closed = tag.self_closing || VOID.contains(&name.as_str());
                open.push(Element { name, attributes, children: Vec::new() });
                if closed {
                    close(&mut open);
                }
            }
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if open.iter().any(|element| element.name == name) {
                    while open.last().is_some_and(|element| element.name != name) {
                        close(&mut open);
                    }
                    close(&mut open);
                }
            }
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                open.last_mut().expect("the page itself stays open").children.push(Node::Text(text));
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().expect("the page itself")
}

/// A row ends where the next one begins, and a cell where the next cell or row does: their end tags may be left out.
fn end_before(name: &str, open: &mut Vec<Element>) {
    let ends: &[&str] = match name {
        "td" | "th" => &["td", "th"],
        "tr" => &["td", "th", "tr"],
        _ => return,
    };
    let table = open.iter().rposition(|element| element.name == "table").unwrap_or_default();
    if let Some(first) = open.iter().skip(table).position(|element| ends.contains(&element.name.as_str())) {
        while table + first < open.len() {
            close(open);
        }
    }
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1 {
        let element = open.pop().expect("longer than one");
        open.last_mut().expect("longer than one").children.push(Node::Element(element));
    }
}

impl Element {
    /// An attribute's value.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether an attribute is there at all.
    pub fn has(&self, name: &str) -> bool {
        self.attr(name).is_some()
    }

    /// Whether the class is among its classes.
    pub fn has_class(&self, class: &str) -> bool {
        self.attr("class").is_some_and(|classes| classes.split_whitespace().any(|one| one == class))
    }

    /// The words inside, single spaces between them.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.collect_text(&mut out);
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn collect_text(&self, out: &mut String) {
        if matches!(self.name.as_str(), "script" | "style" | "head" | "template") {
            return;
        }
        let inline = matches!(self.name.as_str(), "b" | "strong" | "em" | "i" | "code" | "mark" | "a" | "");
        if !inline {
            out.push(' ');
        }
        if self.name == "input" && !matches!(self.attr("type"), Some("hidden" | "checkbox" | "radio" | "submit")) {
            out.push_str(self.attr("value").unwrap_or_default());
        }
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.collect_text(out),
            }
        }
        if !inline {
            out.push(' ');
        }
    }

    /// Every element below, this one first, in the order of the page, with the chain of elements above it.
    pub fn walk<'a>(&'a self, above: &mut Vec<&'a Element>, visit: &mut impl FnMut(&[&'a Element], &'a Element)) {
        visit(above, self);
        above.push(self);
        for child in &self.children {
            if let Node::Element(element) = child {
                element.walk(above, visit);
            }
        }
        above.pop();
    }

    /// Every element that fits.
    pub fn all(&self, fits: impl Fn(&Element) -> bool) -> Vec<&Element> {
        let mut found = Vec::new();
        self.walk(&mut Vec::new(), &mut |_, element| {
            if fits(element) {
                found.push(element);
            }
        });
        found
    }

    /// Every element of that name.
    pub fn named(&self, name: &str) -> Vec<&Element> {
        self.all(|element| element.name == name)
    }

    /// The first element of that name.
    pub fn first(&self, name: &str) -> Option<&Element> {
        self.named(name).into_iter().next()
    }

    /// The element with that id.
    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.all(|element| element.attr("id") == Some(id)).into_iter().next()
    }

    /// The words a person reads on a button, link or field.
    pub fn label(&self) -> String {
        let text = self.text();
        if text.is_empty() { self.attr("aria-label").unwrap_or_default().to_owned() } else { text }
    }
}

/// A field of a form, with what it would send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its label's words, or its `aria-label`.
    pub label: String,
    /// `text`, `checkbox`, `select`, `textarea`, `hidden`, `file`, …
    pub kind: String,
    /// What it would send.
    pub value: String,
    /// Whether it would be sent (a box that is not ticked is not).
    pub sent: bool,
    /// Whether a person cannot change it.
    pub read_only: bool,
    /// The choices of a drop-down: value and words.
    pub options: Vec<(String, String)>,
}

/// A form with its fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Form {
    /// `get` or `post`.
    pub method: String,
    /// Where it goes; empty: this page.
    pub action: String,
    /// Whether it is sent as multipart.
    pub multipart: bool,
    /// Its fields in order, buttons not among them.
    pub fields: Vec<Field>,
    /// Its buttons: words, name, value.
    pub buttons: Vec<Button>,
}

/// A button that sends a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// Its name, if it sends one.
    pub name: Option<String>,
    /// What it sends.
    pub value: String,
    /// Another address than the form's.
    pub action: Option<String>,
    /// Another method than the form's.
    pub method: Option<String>,
    /// Whether it can be pressed.
    pub disabled: bool,
    /// The words of the rows, cards and forms around it, the nearest first.
    pub around: Vec<String>,
}

/// Every form of a page.
pub fn forms(page: &Element) -> Vec<Form> {
    let elements = page.named("form");
    elements.iter().map(|form| read_form(page, form)).collect()
}

fn read_form(page: &Element, form: &Element) -> Form {
    let id = form.attr("id");
    let mut fields = Vec::new();
    let mut buttons = Vec::new();
    page.walk(&mut Vec::new(), &mut |above, element| {
        let inside = above.iter().rev().find(|one| one.name == "form").is_some_and(|one| std::ptr::eq(*one, form));
        let mine = match element.attr("form") {
            Some(other) => Some(other) == id,
            None => inside,
        };
        if !mine {
            return;
        }
        let fieldset_off = above.iter().any(|one| one.name == "fieldset" && one.has("disabled"));
        match element.name.as_str() {
            "button" if element.attr("type").is_none_or(|kind| kind == "submit") => {
                buttons.push(read_button(page, above, element, fieldset_off));
            }
            "input" | "select" | "textarea" => fields.extend(read_field(page, above, element, fieldset_off)),
            _ => {}
        }
    });
    Form {
        method: form.attr("method").unwrap_or("get").to_lowercase(),
        action: form.attr("action").unwrap_or_default().to_owned(),
        multipart: form.attr("enctype") == Some("multipart/form-data"),
        fields,
        buttons,
    }
}

fn read_button(page: &Element, above: &[&Element], element: &Element, off: bool) -> Button {
    let elsewhere = element.attr("aria-labelledby").and_then(|id| page.by_id(id)).map(Element::text);
    Button {
        label: elsewhere.unwrap_or_else(|| element.label()),
        name: element.attr("name").map(ToOwned::to_owned),
        value: element.attr("value").unwrap_or_default().to_owned(),
        action: element.attr("formaction").map(ToOwned::to_owned),
        method: element.attr("formmethod").map(str::to_lowercase),
        disabled: off || element.has("disabled"),
        around: surroundings(above),
    }
}

/// The words of what is around an element, the nearest first.
pub fn surroundings(above: &[&Element]) -> Vec<String> {
    let blocks = ["tr", "li", "form", "section", "article", "dialog", "details", "fieldset", "div", "main"];
    above.iter().rev().filter(|one| blocks.contains(&one.name.as_str())).map(|one| one.text()).collect()
}

fn read_field(page: &Element, above: &[&Element], element: &Element, fieldset_off: bool) -> Option<Field> {
    let name = element.attr("name")?.to_owned();
    let kind = match element.name.as_str() {
        _ if element.has("hidden") || element.attr("aria-hidden") == Some("true") || above.iter().any(|one| one.has("hidden")) => {
            "hidden".to_owned()
        }
        "input" => element.attr("type").unwrap_or("text").to_owned(),
        other => other.to_owned(),
    };
    let choices: Vec<&Element> = element.named("option");
    let options: Vec<(String, String)> =
        choices.iter().map(|one| (one.attr("value").map_or_else(|| one.text(), ToOwned::to_owned), one.text())).collect();
    let value = match kind.as_str() {
        "select" => {
            let chosen = choices.iter().position(|one| one.has("selected")).unwrap_or(0);
            options.get(chosen).map(|(value, _)| value.clone()).unwrap_or_default()
        }
        "textarea" => raw_text(element),
        "checkbox" | "radio" => element.attr("value").unwrap_or("on").to_owned(),
        _ => element.attr("value").unwrap_or_default().to_owned(),
    };
    let ticked = !matches!(kind.as_str(), "checkbox" | "radio") || element.has("checked");
    let enabled = !element.has("disabled") && !fieldset_off;
    Some(Field {
        label: label_of(page, above, element),
        name,
        kind,
        value,
        sent: ticked && enabled,
        read_only: element.has("readonly"),
        options,
    })
}

fn raw_text(element: &Element) -> String {
    let text: String = element
        .children
        .iter()
        .map(|child| match child {
            Node::Text(text) => text.as_str(),
            Node::Element(_) => "",
        })
        .collect();
    text.strip_prefix('\n').map_or(text.clone(), ToOwned::to_owned)
}

fn label_of(page: &Element, above: &[&Element], element: &Element) -> String {
    if let Some(label) = element.attr("aria-label") {
        return label.to_owned();
    }
    if let Some(id) = element.attr("id")
        && let Some(label) = page.all(|one| one.name == "label" && one.attr("for") == Some(id)).first()
    {
        return label.text();
    }
    above.iter().rev().find(|one| one.name == "label").map(|one| one.text()).unwrap_or_default()
}
