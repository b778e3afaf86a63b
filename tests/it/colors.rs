//! An accent that somebody chose is read wherever it is used, in light and dark.

use portico::kernel::color::{Color, DARK, LIGHT, READABLE, Shade, Shades, VISIBLE};

use crate::support::disk::Chance;
use crate::support::source::root;

fn color(text: &str) -> Color {
    Color::parse(text).unwrap_or_else(|| panic!("{text}"))
}

fn style() -> String {
    std::fs::read_to_string(root().join("assets/app.css")).expect("the style sheet")
}

/// What a custom property is in light and in dark.
fn property(sheet: &str, name: &str) -> (Color, Color) {
    let (_, after) = sheet.split_once(&format!("--{name}: ")).unwrap_or_else(|| panic!("{name}"));
    let value = after.split(';').next().expect("a value");
    let parts = value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(value);
    let (light, dark) = parts.split_once(", ").unwrap_or((parts, parts));
    (color(light), color(dark))
}

/// Many colors from everywhere, the same in each run, and the corners and greys.
fn accents() -> Vec<Color> {
    let mut chance = Chance(7);
    let mut any = || u8::try_from(chance.below(256)).expect("a byte");
    let mut accents: Vec<Color> = (0..4_000).map(|_| Color::new(any(), any(), any())).collect();
    for corner in 0..27_u8 {
        let part = |place: u8| (corner / place % 3).saturating_mul(127) + u8::from(corner / place % 3 == 2);
        accents.push(Color::new(part(1), part(3), part(9)));
    }
    accents.extend((0..=255).map(|grey| Color::new(grey, grey, grey)));
    accents
}

/// WCAG 2.2: the ends and the two greys on either side of 4.5:1.
#[test]
fn contrast_is_what_wcag_says() {
    let near = |one: &str, other: &str, figure: f64| {
        let measured = color(one).contrast(color(other));
        assert!((measured - figure).abs() < 0.005, "{one} on {other}: {measured}");
    };
    near("#000", "#fff", 21.0);
    near("#fff", "#000000", 21.0);
    near("#abc", "#aabbcc", 1.0);
    near("#767676", "#fff", 4.54);
    near("#777777", "#fff", 4.48);
    near("#ff0000", "#fff", 4.0);
}

#[test]
fn a_color_is_written_with_three_or_six_digits() {
    for text in ["#2b59e0", "2B59E0", " #2b59E0 "] {
        assert_eq!(color(text).to_string(), "#2b59e0", "{text}");
    }
    assert_eq!(color("#f0a"), color("#ff00aa"));
    for bad in ["", "#", "#12", "#1234", "#12345", "#1234567", "#12345g", "##12345", "red", "#２b59e0", "rgb(1,2,3)", "#12 456", "#+12345"]
    {
        assert_eq!(Color::parse(bad), None, "{bad:?}");
    }
}

/// BRA-1: text on the accent and links in it keep 4.5:1 on everything they stand on, whatever was chosen.
#[test]
fn every_accent_is_read_on_every_surface() {
    let sheet = style();
    let (soft_light, soft_dark) = property(&sheet, "soft");
    let (text_light, text_dark) = property(&sheet, "text");
    for accent in accents() {
        let Shades { light, dark } = Shades::of(accent);
        for (shade, surfaces, words) in [(light, LIGHT, [soft_light, text_light]), (dark, DARK, [soft_dark, text_dark])] {
            let Shade { accent: fill, on_accent, edge, link, chosen } = shade;
            assert!(READABLE <= fill.contrast(on_accent), "text on {accent}: {shade:?}");
            for surface in surfaces {
                assert!(READABLE <= link.contrast(surface), "a link of {accent} on {surface}: {shade:?}");
                assert!(VISIBLE <= edge.contrast(surface), "a button of {accent} on {surface}: {shade:?}");
            }
            for word in words.into_iter().chain([link]) {
                assert!(READABLE <= word.contrast(chosen), "{word} on what is ticked, {accent}: {shade:?}");
            }
        }
    }
}

/// BRA-1: only what cannot be read is changed.
#[test]
fn what_is_read_already_is_left_as_it_was_chosen() {
    let white = color("#fff");
    let (mut filled, mut linked) = (0, 0);
    for accent in accents() {
        let shades = Shades::of(accent);
        if READABLE <= accent.contrast(white) || accent.contrast(white) < VISIBLE {
            assert_eq!((shades.light.accent, shades.dark.accent), (accent, accent));
            filled += 1;
        }
        for (shade, surfaces) in [(shades.light, LIGHT), (shades.dark, DARK)] {
            let reads = surfaces.iter().chain([&shade.chosen]).all(|surface| READABLE <= accent.contrast(*surface));
            assert_eq!(reads, shade.link == accent, "{accent}: {shade:?}");
            linked += u32::from(reads);
        }
    }
    assert!(1_000 < filled && 1_000 < linked, "{filled} and {linked} fit");
}

/// BRA-1: what is changed is changed no further than it must be.
#[test]
fn what_cannot_be_read_becomes_the_nearest_that_can() {
    for accent in accents() {
        let Shades { light, dark } = Shades::of(accent);
        if light.accent != accent {
            assert!(light.accent.contrast(light.on_accent) < READABLE + 0.1, "{accent}: {light:?}");
        }
        for (shade, surfaces) in [(light, LIGHT), (dark, DARK)] {
            let least = surfaces.iter().chain([&shade.chosen]).map(|surface| shade.link.contrast(*surface)).fold(21.0, f64::min);
            assert!(shade.link == accent || least < READABLE + 0.1, "{accent}: {least} {shade:?}");
        }
    }
    // The hue stays: an orange becomes a darker orange, and where it is dark it is read as it is but on what is ticked.
    let Shades { light, dark } = Shades::of(color("#e8590c"));
    assert_eq!([light.accent, light.link, dark.link].map(|color| color.to_string()), ["#ce4c00", "#bf4500", "#ed5e16"]);
    assert_eq!(light.on_accent, color("#fff"));
    // A yellow carries black, and stays the yellow it is.
    let Shades { light, .. } = Shades::of(color("#ffd400"));
    assert_eq!((light.accent, light.on_accent), (color("#ffd400"), color("#000")));
    assert_ne!(light.edge, light.accent, "its buttons are told from the page by their edge");
}

/// What colors are checked against is what the style sheet has.
#[test]
fn the_surfaces_are_those_of_the_style_sheet() {
    let sheet = style();
    for (place, name) in ["page", "surface", "raised", "head", "hover"].into_iter().enumerate() {
        assert_eq!(property(&sheet, name), (LIGHT[place], DARK[place]), "{name}");
    }
}

/// BRA-5: the sheet that is served sets each property that Portico's own derives from its accent, and nothing else.
#[test]
fn a_served_accent_replaces_all_that_is_derived_from_portico_s_own() {
    let own = style();
    let sheet = Shades::of(color("#7a1fa2")).style_sheet();
    let (own, _) = own.split_once("--page").expect("what comes after them");
    let names = |sheet: &str| -> Vec<String> {
        let mut names: Vec<String> =
            sheet.lines().filter_map(|line| line.trim().strip_prefix("--")?.split(':').next().map(str::to_owned)).collect();
        names.sort();
        names
    };
    let mut own = names(own);
    own.retain(|name| name != "accent");
    assert_eq!(names(&sheet), own);
    assert!(sheet.starts_with(":root {\n  --accent-light: #7a1fa2;\n") && sheet.ends_with("}\n"), "{sheet}");
}
