//! The icon set: strokes on a 16 pixel grid in the color of the text around them.
//!
//! The drawings that a page uses stand in it once, in a hidden sheet at its end, and are referred to where they are used: a row
//! with three icons costs 150 bytes and not 1,000. A script that puts a part of another page into this one brings along what is
//! missing. A sheet in a file of its own would not do: some browsers hold `<use>` of another file against `default-src`.
//!
//! All of it is fixed text, since a list uses hundreds.

use maud::{Markup, PreEscaped, Render, html};

/// Fixed markup.
type Fixed = PreEscaped<&'static str>;

/// Makes of each line (name in the code, name in the page, path) what is drawn with it. Dots are strokes of no length with round ends.
macro_rules! icons {
    ($($icon:ident $name:literal $path:literal;)*) => {
        /// What an icon shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names say what is drawn")]
        pub enum Icon { $($icon),* }

        /// The icon at 16 pixels, hidden from screen readers: the word beside it or the name of its button speaks for it.
        pub const fn icon(icon: Icon) -> Fixed {
            match icon {
                $(Icon::$icon => PreEscaped(concat!("<svg aria-hidden=true><use href=#i-", $name, " /></svg>")),)*
            }
        }

        /// The icon at 20 pixels.
        pub const fn large_icon(icon: Icon) -> Fixed {
            match icon {
                $(Icon::$icon => PreEscaped(concat!("<svg class=icon-20 aria-hidden=true><use href=#i-", $name, " /></svg>")),)*
            }
        }

        /// The drawing of that name in the page.
        fn drawing(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(concat!("<symbol id=i-", $name, " viewBox=\"0 0 16 16\"><path d=\"", $path, "\" /></symbol>")),)*
                _ => None,
            }
        }
    };
}

icons! {
    Pencil "pencil" "M10.8 2.7l2.5 2.5-7.9 7.9-3.1.6.6-3.1zM9.2 4.3l2.5 2.5";
    Trash "trash" "M2.5 4.3h11M6 4.3V3a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.3M3.9 4.3l.6 8.5A1.3 1.3 0 0 0 5.8 14h4.4a1.3 1.3 0 0 0 1.3-1.2l.6-8.5";
    Dots "dots" "M2.6 8a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M7.5 8a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M12.4 8a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0";
    Plus "plus" "M8 3v10M3 8h10";
    Search "search" "M11.5 7a4.5 4.5 0 1 1-9 0a4.5 4.5 0 0 1 9 0zM10.3 10.3l3.4 3.4";
    Link "link" "M6.7 9.3a2.8 2.8 0 0 0 4 0l2.2-2.2a2.8 2.8 0 0 0-4-4l-.9.9M9.3 6.7a2.8 2.8 0 0 0-4 0L3.1 8.9a2.8 2.8 0 0 0 4 4l.9-.9";
    Check "check" "M3 8.5l3.3 3.3L13 4.8";
    Server "server" "M3 3h10v4H3zM3 9h10v4H3zM5.3 5v.01M5.3 11v.01";
    Cross "cross" "M4 4l8 8M12 4l-8 8";
    Warning "warning" "M8 2.5l6 10.8H2zM8 6.7v2.8M8 11.4v.01";
    Clock "clock" "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 4.7V8l2.1 1.4";
    Dash "dash" "M3.5 8h9";
    Download "download" "M8 2.5v7.3M4.9 6.9L8 10l3.1-3.1M3 13.2h10";
    Upload "upload" "M8 10V2.8M4.9 5.7L8 2.6l3.1 3.1M3 13.2h10";
    Copy "copy" "M6.5 5.5h6a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zM10.5 5.5V3a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6.5a1 1 0 0 0 1 1h2";
    ChevronRight "right" "M6 3.5L10.5 8 6 12.5";
    ChevronDown "down" "M3.5 6L8 10.5 12.5 6";
    Building "building" "M3.5 14V3a1 1 0 0 1 1-1h5a1 1 0 0 1 1 1v11M10.5 6.5h2a1 1 0 0 1 1 1V14M2 14h12M6 5h2M6 8h2M6 11h2";
    Users "users" "M8.2 5a2.5 2.5 0 1 1-5 0a2.5 2.5 0 0 1 5 0zM1.5 13.5c0-2.5 1.8-4.2 4.2-4.2s4.2 1.7 4.2 4.2M10.8 2.7a2.5 2.5 0 0 1 0 4.6M11.8 9.5c1.7.5 2.7 2 2.7 4";
    Cloud "cloud" "M4.5 12.5a3 3 0 0 1-.3-6 4 4 0 0 1 7.6.9 2.6 2.6 0 0 1-.3 5.1z";
    Mail "mail" "M2 4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1zM2.3 4.3L8 8.7l5.7-4.4";
    Key "key" "M8.5 10.5a3.2 3.2 0 1 1-6.4 0a3.2 3.2 0 0 1 6.4 0zM7.6 8.3l5.9-5.8M11 5l2 2";
    Home "home" "M2.5 7.5L8 2.7l5.5 4.8M4 6.5v7h8v-7M6.7 13.5V9.8h2.6v3.7";
    Bell "bell" "M4 11.5V7a4 4 0 0 1 8 0v4.5M2.7 11.5h10.6M6.7 13.5a1.4 1.4 0 0 0 2.6 0";
    Info "info" "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 7.3v3.5M8 5.1v.01";
    External "external" "M9 2.5h4.5V7M13.3 2.7L7.5 8.5M11.5 9.5v3a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3";
    ArrowLeft "left" "M13 8H3M7 4L3 8l4 4";
    ArrowUp "up" "M8 13V3M4 7l4-4 4 4";
    ArrowDown "sorted-down" "M8 3v10M4 9l4 4 4-4";
    Sun "sun" "M11 8a3 3 0 1 1-6 0a3 3 0 0 1 6 0zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7";
    Moon "moon" "M13.5 9.5a5.8 5.8 0 0 1-7-7 5.8 5.8 0 1 0 7 7z";
    Menu "menu" "M2.5 4.5h11M2.5 8h11M2.5 11.5h11";
    Lock "lock" "M4 7.2h8a.8.8 0 0 1 .8.8v5a.8.8 0 0 1-.8.8H4a.8.8 0 0 1-.8-.8V8a.8.8 0 0 1 .8-.8zM5.3 7.2V5a2.7 2.7 0 0 1 5.4 0v2.2";
    Device "device" "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01";
    Network "network" "M6 2.5h4v3H6zM2 10.5h4v3H2zM10 10.5h4v3h-4zM8 5.5V8M4 10.5V8h8v2.5";
    Refresh "refresh" "M13 6.5A5.3 5.3 0 0 0 3.3 5.5M3 2.7v3h3M3 9.5a5.3 5.3 0 0 0 9.7 1M13 13.3v-3h-3";
    Pause "pause" "M5.5 3.5v9M10.5 3.5v9";
    Document "document" "M4 2h5l3.5 3.5V13a1 1 0 0 1-1 1H4.5a1 1 0 0 1-1-1V2.5M9 2v3.5h3.5M6 8.5h4M6 11h4";
}

/// The hidden sheet with the drawings that the page up to here refers to; once a page, behind everything else.
#[derive(Debug, Clone, Copy)]
pub struct Sheet;

impl Render for Sheet {
    fn render_to(&self, page: &mut String) {
        let mut names: Vec<&str> = Vec::new();
        let mut drawings: Vec<&str> = Vec::new();
        for place in page.split('#').skip(1).filter_map(|rest| rest.strip_prefix("i-")) {
            let name = place.split(' ').next().unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
                drawings.extend(drawing(name));
            }
        }
        page.push_str("<svg class=sheet width=0 height=0 aria-hidden=true>");
        page.extend(drawings);
        page.push_str("</svg>");
    }
}

/// The mark of the product: an arch in an arch, on a step.
pub fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" {
            path d="M4 21v-9.5a8 8 0 0 1 16 0V21M8.4 21v-8.6a3.6 3.6 0 0 1 7.2 0V21M12 21v-7M2.5 21h19" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{Icon, Sheet, icon, large_icon};

    #[test]
    fn a_page_carries_the_drawings_it_uses_each_once_and_no_other() {
        let page =
            html! { (icon(Icon::Check)) p { "#1 #i-nothing #i-" } (icon(Icon::Check)) (large_icon(Icon::ArrowDown)) (Sheet) }.into_string();
        let ids: Vec<&str> = page.split("<symbol id=").skip(1).filter_map(|rest| rest.split(' ').next()).collect();
        assert_eq!(ids, ["i-check", "i-sorted-down"]);
        assert!(page.ends_with("</symbol></svg>"), "{page}");
    }
}
