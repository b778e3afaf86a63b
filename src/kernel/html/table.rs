//! Lists: a table that becomes cards on a narrow screen, its tabs, filters, pager and bulk actions.
//!
//! Fifty rows are most of a page's weight, so what is written here for each of them is lean: no end tags of rows and cells, which
//! HTML lets one leave out, no quotes around plain words, and the word before a cell's value on a phone in a style sheet (`columns`).

use maud::{Markup, Render, html};

use crate::kernel::html::columns::Labels;
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::text::{Value, Words};

/// Which way a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A column's heading that sorts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortLink {
    /// The address of the list sorted by this column, the other way round if it is already.
    pub href: String,
    /// How it is sorted now, if by this column.
    pub direction: Option<Direction>,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// The heading, and on a phone the word before the value.
    pub label: String,
    /// Whether one can sort by it.
    pub sort: Option<SortLink>,
    /// Right-aligned, in figures of one width.
    pub numeric: bool,
    /// The heading is for screen readers only (row actions).
    pub hidden_label: bool,
    /// A class for its cells: `actions`, `main`, `short` (on one line), `strip-cell`, `wide-cell` (a line of its own on a phone), `unlabeled` (the same, its heading left out),
    /// `opt` (left out on middling screens), or empty.
    pub class: &'static str,
}

impl Column {
    /// A column of words.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// A column of figures.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true, ..Self::default() }
    }

    /// The column of row actions.
    pub fn actions() -> Self {
        Self { label: "Actions".into(), hidden_label: true, class: "actions", ..Self::default() }
    }

    /// The same column, sortable.
    #[must_use]
    pub fn sorted(mut self, href: impl Into<String>, direction: Option<Direction>) -> Self {
        self.sort = Some(SortLink { href: href.into(), direction });
        self
    }

    /// The word before its values on a phone. The first column is the card's title there, so it has none; nor have the row's actions.
    fn word(&self, index: usize) -> &str {
        if index == 0 || self.hidden_label || self.class == "unlabeled" { "" } else { &self.label }
    }

    fn cell_class(&self) -> Option<String> {
        let class = [self.class, if self.numeric { "num" } else { "" }].join(" ");
        let class = class.trim();
        (!class.is_empty()).then(|| class.to_owned())
    }
}

/// The check box at the start of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// The name in the bulk form.
    pub name: String,
    /// The row's number.
    pub value: String,
    /// What is ticked: "Alder Dental".
    pub label: String,
}

/// What unfolds below a row, and is fetched only then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfolds {
    /// Its page.
    pub href: String,
    /// What it is: "Applications of Alder Mail".
    pub label: String,
}

/// What a page of such a thing wraps it in.
pub fn unfolded(content: &Markup) -> Markup {
    html! { div data-unfolded { (content) } }
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// One cell a column; none where `Table::render_lines` writes them. Cells hold words and spans, the first no link if the row has one.
    pub cells: Vec<Markup>,
    /// The row's own page: the first cell becomes a link and the whole row follows it.
    pub href: Option<String>,
    /// The check box for bulk actions.
    pub tick: Option<Tick>,
    /// What unfolds below the row.
    pub detail: Option<Markup>,
    /// Where what unfolds below the row is drawn: a page of its own, whose `Unfolded` part scripts fetch and put there.
    pub unfolds: Option<Unfolds>,
    /// A row that needs attention.
    pub tone: Option<super::frame::Tone>,
}

/// A list.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The element's id, by which a live filter replaces it.
    pub id: String,
    /// What the list is, for screen readers.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The id of the form that ticked rows belong to (`bulk_bar`).
    pub bulk: Option<String>,
    /// Inside a card that has a heading of its own: headings of columns hidden, no border.
    pub bare: bool,
    /// In place of the rows, when there are none.
    pub empty: Option<Markup>,
    /// Above the list, in the same card.
    pub toolbar: Option<Markup>,
    /// Below the list, in the same card.
    pub footer: Option<Markup>,
}

impl Table {
    /// The list's markup.
    pub fn render(&self) -> Markup {
        Render::render(self)
    }

    /// Writes the list into the page with a row for each of `things`; `row` is all of it but its cells, which `cells` writes one after
    /// the other. This costs a long list a third of what it costs to make rows first. Rows are all alike: the first shows whether they
    /// have check boxes and whether they unfold.
    pub fn render_lines<T>(&self, page: &mut String, things: &[T], row: impl Fn(&T) -> Row, cells: impl Fn(&T, &mut Cells<'_>)) {
        let look = self.look(things.first().map(&row).as_slice());
        self.draw(page, &look, things.iter().map(|thing| (thing, row(thing))), |(_, row)| row, |(thing, _), to| cells(thing, to));
    }

    fn draw<L>(
        &self,
        page: &mut String,
        look: &Look<'_>,
        mut lines: impl ExactSizeIterator<Item = L>,
        row: impl Fn(&L) -> &Row,
        cells: impl Fn(&L, &mut Cells<'_>),
    ) {
        let around = self.around(look, lines.len() == 0).into_string();
        // No text of a page holds a bare "<", so this is the table's own.
        let (before, after) = around.split_once(BODY).unwrap_or((&around, ""));
        page.push_str(before);
        if !after.is_empty() {
            page.push_str("<tbody>");
            let one = |line: L, page: &mut String| row(&line).draw(look, page, |to| cells(&line, to));
            if let Some(first) = lines.next() {
                let begun = page.len();
                one(first, page);
                // One row shows how much room the others take; a page that grows bit by bit is copied again and again.
                page.reserve((page.len() - begun + ROW_MORE) * lines.len() + AFTER_ROWS);
            }
            lines.for_each(|line| one(line, page));
            page.push_str("</tbody>");
        }
        page.push_str(after);
    }

    /// What rows like these have in common.
    fn look(&self, rows: &[Row]) -> Look<'_> {
        let (ticks, details) =
            (rows.iter().any(|row| row.tick.is_some()), rows.iter().any(|row| row.detail.is_some() || row.unfolds.is_some()));
        let width = self.columns.len() + usize::from(ticks) + usize::from(details);
        let links = rows.first().is_some_and(|row| row.href.is_some());
        let openings = self.columns.iter().enumerate().map(|(index, column)| opening(column, index == 0 && !links)).collect();
        let before = width - self.columns.len() + 1;
        let words = self.columns.iter().enumerate().map(|(index, column)| (before + index, column.word(index)));
        let labels = if self.bare { None } else { Labels::of(words.filter(|(_, word)| !word.is_empty())) };
        Look { bulk: self.bulk.as_deref(), ticks, details, width, openings, labels }
    }

    /// Everything around the rows, with `BODY` in their place.
    fn around(&self, look: &Look<'_>, no_rows: bool) -> Markup {
        let id = (!self.id.is_empty()).then_some(self.id.as_str());
        html! {
            @if self.bare { div.bare id=[id] { (self.list(look, no_rows)) } }
            @else {
                div.card.list-card {
                    @if let Some(toolbar) = &self.toolbar { (toolbar) }
                    div id=[id] { (self.list(look, no_rows)) }
                }
            }
        }
    }

    fn list(&self, look: &Look<'_>, no_rows: bool) -> Markup {
        html! {
            @match (&self.empty, no_rows) {
                (Some(empty), true) => { (empty) }
                _ => {
                    @if let Some(labels) = &look.labels { (labels.link()) }
                    div.scroll {
                        table class=[if self.bare { Some("bare".to_owned()) } else { look.labels.as_ref().map(Labels::class) }] {
                            caption.hidden { (self.caption) }
                            thead { tr { (self.head(look)) } }
                            tbody {}
                        }
                    }
                }
            }
            @if let Some(footer) = &self.footer { (footer) }
        }
    }

    fn head(&self, look: &Look<'_>) -> Markup {
        html! {
            @if look.ticks {
                th.tick-cell scope="col" {
                    @if let Some(bulk) = look.bulk {
                        input.tick.tick-all type="checkbox" form=(bulk) data-tick-all aria-label="Select all rows of this page";
                    }
                }
            }
            @if look.details { th.fold-cell scope="col" { span.hidden { "Details" } } }
            @for column in &self.columns { (heading(column)) }
        }
    }
}

impl Render for Table {
    fn render_to(&self, page: &mut String) {
        let cells = |row: &&Row, cells: &mut Cells<'_>| row.cells.iter().for_each(|cell| cells.cell(cell));
        self.draw(page, &self.look(&self.rows), self.rows.iter(), |row| row, cells);
    }
}

/// How much longer than the first row the others are thought to be, in bytes.
const ROW_MORE: usize = 64;
/// Room for what follows the rows, and for the answer's head.
const AFTER_ROWS: usize = 4_096;

/// Where the rows come: a body without any.
const BODY: &str = "<tbody></tbody>";

/// What all rows of a table have in common.
struct Look<'a> {
    /// The form of the check boxes.
    bulk: Option<&'a str>,
    /// Whether any row has a check box.
    ticks: bool,
    /// Whether any row unfolds.
    details: bool,
    /// Cells a row.
    width: usize,
    /// What opens each column's cells.
    openings: Vec<String>,
    /// The words before the values on a phone.
    labels: Option<Labels>,
}

/// The cells of a row that is being drawn.
#[derive(Debug)]
pub struct Cells<'a> {
    page: &'a mut String,
    openings: std::slice::Iter<'a, String>,
    /// The row's own page, until the first cell has become the link to it.
    href: Option<&'a str>,
}

impl Cells<'_> {
    /// Writes the next cell; words and spans, the first no link if the row has one.
    pub fn cell(&mut self, content: impl Render) {
        let Some(opening) = self.openings.next() else { return };
        self.page.push_str(opening);
        match self.href.take() {
            Some(href) => {
                self.page.push_str("<a class=row-link href=");
                Value(Words(href)).render_to(self.page);
                self.page.push('>');
                content.render_to(self.page);
                self.page.push_str("</a>");
            }
            None => content.render_to(self.page),
        }
    }
}

impl Tick {
    fn draw(&self, look: &Look<'_>, page: &mut String) {
        page.push_str("<input class=tick type=checkbox");
        for (name, value) in [(" form=", look.bulk.unwrap_or_default()), (" name=", &self.name), (" value=", &self.value)] {
            if !value.is_empty() {
                page.push_str(name);
                Value(Words(value)).render_to(page);
            }
        }
        page.push_str(" aria-label=\"Select ");
        Words(&self.label).render_to(page);
        page.push_str("\">");
    }
}

impl Row {
    fn draw(&self, look: &Look<'_>, page: &mut String, cells: impl FnOnce(&mut Cells<'_>)) {
        page.push_str("<tr");
        if let Some(tone) = self.tone {
            page.extend([" data-tone=", tone.class()]);
        }
        page.push('>');
        if look.ticks || look.details {
            self.begin(look, page);
        }
        cells(&mut Cells { page, openings: look.openings.iter(), href: self.href.as_deref() });
        if let Some(content) = &self.detail {
            page.push_str("<tr class=detail><td colspan=");
            look.width.render_to(page);
            page.push('>');
            content.render_to(page);
        }
    }

    /// The check box, and what unfolds the row.
    fn begin(&self, look: &Look<'_>, page: &mut String) {
        if look.ticks {
            page.push_str("<td>");
            if let Some(tick) = &self.tick {
                tick.draw(look, page);
            }
        }
        if !look.details {
            return;
        }
        page.push_str("<td>");
        if self.detail.is_some() {
            page.push_str("<details class=fold><summary aria-label=Details></summary></details>");
        } else if let Some(Unfolds { href, label }) = &self.unfolds {
            page.push_str("<a class=fold href=");
            Value(Words(href)).render_to(page);
            page.push_str(" aria-label=");
            Value(Words(label)).render_to(page);
            page.push_str("></a>");
        }
    }
}

/// What opens a column's cells. The style sheet knows the first by its class, if it is not `main`, or by the link in it; and a cell that holds a
/// strip or a bar by that.
fn opening(column: &Column, first: bool) -> String {
    let class = match (column.cell_class().unwrap_or_default(), first) {
        (class, _) if class == "strip-cell" || class == "filled" => String::new(),
        (class, true) if class.is_empty() => "first".to_owned(),
        (class, true) if class != "main" => class + " first",
        (class, _) => class,
    };
    let mut opening = String::from("<td");
    if !class.is_empty() {
        opening.push_str(" class=");
        Value(Words(&class)).render_to(&mut opening);
    }
    opening.push('>');
    opening
}

fn heading(column: &Column) -> Markup {
    let sorted = column.sort.as_ref().and_then(|sort| sort.direction);
    let aria = sorted.map(|direction| match direction {
        Direction::Ascending => "ascending",
        Direction::Descending => "descending",
    });
    html! {
        th scope="col" class=[column.cell_class()] aria-sort=[aria] {
            @if let Some(sort) = &column.sort {
                a href=(sort.href) {
                    (column.label)
                    @match sorted {
                        Some(Direction::Ascending) => { (icon(Icon::ArrowUp)) }
                        Some(Direction::Descending) => { (icon(Icon::ArrowDown)) }
                        None => {}
                    }
                }
            } @else {
                span class=[column.hidden_label.then_some("hidden")] { (column.label) }
            }
        }
    }
}

/// One of several views of a list or of a thing's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tab {
    /// What it says.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many it holds.
    pub count: Option<String>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// The row of tabs; on a narrow screen it scrolls sideways.
pub fn tabs(tabs: &[Tab]) -> Markup {
    tabs_with(None, tabs)
}

/// The same with an id, so that they can follow a filter as one types.
pub fn live_tabs(id: &str, tabs: &[Tab]) -> Markup {
    tabs_with(Some(id), tabs)
}

fn tabs_with(id: Option<&str>, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs id=[id] aria-label="Views" {
            ul {
                @for tab in tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                            (tab.label)
                            @if let Some(count) = &tab.count { " " span.count { (count) } }
                        }
                    }
                }
            }
        }
    }
}

/// The line below a list: what is shown, and the ways on where there is more than one page.
pub fn pager(previous: Option<&str>, next: Option<&str>, text: &str) -> Markup {
    html! {
        nav.pager aria-label="Pages" {
            span.sub { (text) }
            @if previous.is_some() || next.is_some() {
                (page_link(previous, "prev", "Previous"))
                (page_link(next, "next", "Next"))
            }
        }
    }
}

fn page_link(href: Option<&str>, rel: &str, label: &str) -> Markup {
    html! {
        @match href {
            Some(href) => { a.button.secondary.small href=(href) rel=(rel) { (label) } }
            None => { span.button.secondary.small aria-disabled="true" { (label) } }
        }
    }
}

/// A filter with a few choices.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// The name in the address.
    pub name: &'a str,
    /// What is filtered by.
    pub label: &'a str,
    /// Value and label of each choice.
    pub options: &'a [(&'a str, &'a str)],
    /// The chosen value.
    pub selected: &'a str,
}

/// The filters above a list: an ordinary form that writes the address, and that scripts send as one types.
#[derive(Debug, Clone, Default)]
pub struct Toolbar<'a> {
    /// The list's address.
    pub action: &'a str,
    /// The id of the list.
    pub target: &'a str,
    /// Ids of what else on the page depends on the filter, a space between them.
    pub also: &'a str,
    /// Name, label and value of the search field.
    pub search: Option<(&'a str, &'a str, &'a str)>,
    /// The choices.
    pub filters: Vec<Filter<'a>>,
    /// What else the address carries: tab, sort.
    pub keep: Vec<(&'a str, &'a str)>,
    /// At the right: "1–50 of 412".
    pub note: Option<String>,
}

/// The filters above a list.
pub fn toolbar(bar: &Toolbar<'_>) -> Markup {
    let note = format!("{}-note", bar.target);
    let targets = format!("{} {note} {}", bar.target, bar.also);
    html! {
        form.toolbar action=(bar.action) method="get" role="search" aria-label="Filter" data-live data-target=(targets.trim_end()) {
            @if let Some((name, label, value)) = bar.search {
                div.toolbar-search {
                    label.hidden for={ (bar.target) "-" (name) } { (label) }
                    (icon(Icon::Search))
                    input id={ (bar.target) "-" (name) } type="search" name=(name) value=(value) placeholder=(label) autocomplete="off" spellcheck="false";
                }
            }
            @for filter in &bar.filters {
                label.choice {
                    span { (filter.label) ":" }
                    select name=(filter.name) {
                        @for (value, label) in filter.options { option value=(value) selected[*value == filter.selected] { (label) } }
                    }
                }
            }
            @for (name, value) in &bar.keep { input type="hidden" name=(name) value=(value); }
            button.button.secondary.without-script type="submit" { "Apply" }
            span.note id=(note) role="status" { @if let Some(text) = &bar.note { (text) } }
        }
    }
}

/// The bar that appears when rows are ticked: the form they belong to, and its buttons (each with its own `formaction` or value).
pub fn bulk_bar(form: &str, action: &str, fields: &Markup, buttons: &Markup) -> Markup {
    html! {
        form.bulk id=(form) action=(action) method="post" aria-label="Selected rows" {
            (fields)
            span.bulk-count data-count role="status" { "Selected rows" }
            (buttons)
            button.button.quiet-button type="button" data-clear { "Clear" }
        }
    }
}
