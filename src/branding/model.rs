//! What is chosen under Global, and what a form says of it. Pure.

use crate::activity::model::Change;
use crate::branding::built_in_model::BuiltIn;
use crate::kernel::color::Color;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::text;
use crate::text_enum;

text_enum!(
    /// How far a choice has come.
    Stage {
        /// What everybody sees.
        Live = "live",
        /// What only its preview shows.
        Draft = "draft",
    }
);

text_enum!(
    /// BRA-1: how devices are identified wherever they are listed.
    DevicesNamed {
        /// "NC-BCDR-01".
        Hostname = "hostname",
        /// "8CB1F0A2".
        Serial = "serial",
        /// "NC-BCDR-01 (8CB1F0A2)".
        Both = "both",
    }
);

impl DevicesNamed {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Hostname => "Hostname",
            Self::Serial => "Serial number",
            Self::Both => "Both",
        }
    }

    /// What stands beneath that name: what it does not say.
    pub const fn beneath<'a>(self, hostname: &'a str, serial: &'a str) -> &'a str {
        match self {
            Self::Hostname => serial,
            Self::Serial => hostname,
            Self::Both => "",
        }
    }

    /// A device's name. One without a hostname, or a serial number, is called by what it has.
    pub fn name(self, hostname: &str, serial: &str) -> String {
        match self {
            _ if serial.is_empty() => hostname.to_owned(),
            _ if hostname.is_empty() => serial.to_owned(),
            Self::Hostname => hostname.to_owned(),
            Self::Serial => serial.to_owned(),
            Self::Both => format!("{hostname} ({serial})"),
        }
    }
}

text_enum!(
    /// The choices of a background.
    BackgroundKind {
        /// Portico's own plain page.
        None = "none",
        /// A color.
        Color = "color",
        /// One of Portico's pictures.
        BuiltIn = "built_in",
        /// One of one's own.
        Upload = "upload",
    }
);

/// What lies behind pages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Background {
    /// Nothing.
    #[default]
    None,
    /// A color.
    Color(Color),
    /// One of Portico's pictures.
    BuiltIn(BuiltIn),
    /// The file with this name.
    Upload(String),
}

impl Background {
    /// Which choice it is.
    pub const fn kind(&self) -> BackgroundKind {
        match self {
            Self::None => BackgroundKind::None,
            Self::Color(_) => BackgroundKind::Color,
            Self::BuiltIn(_) => BackgroundKind::BuiltIn,
            Self::Upload(_) => BackgroundKind::Upload,
        }
    }

    /// What is stored beside the kind.
    pub fn value(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Color(color) => color.to_string(),
            Self::BuiltIn(picture) => picture.word().to_owned(),
            Self::Upload(name) => name.clone(),
        }
    }

    /// What is stored, read again; nothing for a value that does not belong to its kind.
    pub fn of(kind: BackgroundKind, value: String) -> Option<Self> {
        match kind {
            BackgroundKind::None => Some(Self::None),
            BackgroundKind::Color => Color::parse(&value).map(Self::Color),
            BackgroundKind::BuiltIn => BuiltIn::from_word(&value).map(Self::BuiltIn),
            BackgroundKind::Upload => Some(Self::Upload(value)),
        }
    }

    /// For the log.
    fn told(&self) -> String {
        match self {
            Self::None => "None".to_owned(),
            Self::Color(color) => color.to_string(),
            Self::BuiltIn(picture) => picture.shown().to_owned(),
            Self::Upload(name) => format!("A picture of their own ({})", name.get(..8).unwrap_or(name)),
        }
    }
}

/// All that is chosen under Global.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Global {
    /// How to identify devices.
    pub devices: DevicesNamed,
    /// Personal portal background.
    pub portal: Background,
    /// Background images for all organizations.
    pub clients: Background,
    /// Logo for all organizations: a file's name.
    pub logo: Option<String>,
    /// The accent color.
    pub accent: Option<Color>,
    /// What the portal is called; the partner's name where nothing is.
    pub title: Option<String>,
    /// How users reach support.
    pub support: Option<String>,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            devices: DevicesNamed::Hostname,
            portal: Background::None,
            clients: Background::None,
            logo: None,
            accent: None,
            title: None,
            support: None,
        }
    }
}

impl Global {
    /// Whether organizations' users see anything but Portico's own.
    pub fn is_seen(&self) -> bool {
        self.clients != Background::None || self.logo.is_some() || self.accent.is_some() || self.title.is_some() || self.support.is_some()
    }

    /// The same devices' names in Portico's own look.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self { devices: self.devices, ..Self::default() }
    }

    /// The files that it shows.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let upload = |background: &'_ Background| matches!(background, Background::Upload(_));
        let pictures = [&self.portal, &self.clients].into_iter().filter(move |background| upload(background));
        pictures
            .filter_map(|background| if let Background::Upload(name) = background { Some(name.as_str()) } else { None })
            .chain(self.logo.as_deref())
    }

    /// What differs from `before`, for the log.
    pub fn changes(&self, before: &Self) -> Vec<Change> {
        let color = |color: Option<Color>| color.map_or_else(|| "Portico's own".to_owned(), |color| color.to_string());
        let words = |words: &Option<String>| words.clone().unwrap_or_default();
        let logo = |name: &Option<String>| match name {
            Some(name) => format!("A picture ({})", name.get(..8).unwrap_or(name)),
            None => "None".to_owned(),
        };
        [
            Change::between("How to identify devices", before.devices.shown(), self.devices.shown()),
            Change::between("Personal portal background", before.portal.told(), self.portal.told()),
            Change::between("Background images for all organizations", before.clients.told(), self.clients.told()),
            Change::between("Logo for all organizations", logo(&before.logo), logo(&self.logo)),
            Change::between("Accent color", color(before.accent), color(self.accent)),
            Change::between("Portal title", words(&before.title), words(&self.title)),
            Change::between("Support contact", words(&before.support), words(&self.support)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// BRA-2: what is said where there is no branding.
pub const UNAVAILABLE: &str = "Branding is unavailable to partners in Europe, the Middle East and Africa.";

/// Longest title of a portal, in characters.
pub const TITLE: usize = 60;
/// Longest support contact, in characters.
pub const SUPPORT: usize = 120;
/// What the fields of colors offer before one is chosen.
pub const FIRST_ACCENT: &str = "#2b59e0";
/// The same of a background.
pub const FIRST_BACKGROUND: &str = "#24424f";

/// What the form says of a background.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EnteredBackground {
    /// The choice's word; a built-in picture's has the picture's behind a colon.
    pub choice: String,
    /// The color.
    pub color: String,
}

impl EnteredBackground {
    /// As the form shows what is chosen.
    pub fn of(background: &Background) -> Self {
        let choice = match background {
            Background::BuiltIn(picture) => format!("{}:{}", BackgroundKind::BuiltIn.word(), picture.word()),
            Background::None | Background::Color(_) | Background::Upload(_) => background.kind().word().to_owned(),
        };
        let color = if let Background::Color(color) = background { color.to_string() } else { FIRST_BACKGROUND.to_owned() };
        Self { choice, color }
    }

    /// What it says. `upload` is the picture that is there to choose, if there is one.
    fn parse(&self, upload: Option<&str>) -> Result<Background, String> {
        let (kind, value) = self.choice.split_once(':').unwrap_or((&self.choice, ""));
        match BackgroundKind::from_word(kind) {
            Some(BackgroundKind::None) => Ok(Background::None),
            Some(BackgroundKind::Color) => color(&self.color).map(Background::Color),
            Some(BackgroundKind::BuiltIn) => {
                BuiltIn::from_word(value).map(Background::BuiltIn).ok_or_else(|| "Choose one of the pictures.".to_owned())
            }
            Some(BackgroundKind::Upload) => match upload {
                Some(name) => Ok(Background::Upload(name.to_owned())),
                None => Err("Choose a file with the picture.".to_owned()),
            },
            None => Err("Choose a background.".to_owned()),
        }
    }
}

/// Why several files in the place of one are not taken.
pub const ONE_FILE: &str = "Only one picture is taken here, and several files came. Choose one of them.";

/// The name of the field that takes a picture's file.
pub fn file_field(of: &str) -> String {
    format!("{of}_file")
}

fn color(raw: &str) -> Result<Color, String> {
    Color::parse(raw).ok_or_else(|| "Enter a color as #rrggbb, such as #2b59e0.".to_owned())
}

/// Whether an accent of one's own is wanted.
pub const OWN: &str = "own";

/// What the form holds but for its files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entered {
    /// How to identify devices.
    pub devices: String,
    /// Personal portal background.
    pub portal: EnteredBackground,
    /// Background images for all organizations.
    pub clients: EnteredBackground,
    /// `own`, or Portico's.
    pub accent_choice: String,
    /// The accent color.
    pub accent: String,
    /// Portal title.
    pub title: String,
    /// Support contact.
    pub support: String,
    /// Whether the logo is to go.
    pub no_logo: bool,
}

impl Entered {
    /// As the form shows what is chosen.
    pub fn of(global: &Global) -> Self {
        Self {
            devices: global.devices.word().to_owned(),
            portal: EnteredBackground::of(&global.portal),
            clients: EnteredBackground::of(&global.clients),
            accent_choice: if global.accent.is_some() { OWN } else { "" }.to_owned(),
            accent: global.accent.map_or_else(|| FIRST_ACCENT.to_owned(), |accent| accent.to_string()),
            title: global.title.clone().unwrap_or_default(),
            support: global.support.clone().unwrap_or_default(),
            no_logo: false,
        }
    }

    /// What it says, or a sentence for each field.
    /// `errors` are those of the files.
    pub fn parse(&self, pictures: &Pictures, mut errors: FieldErrors) -> Result<Global> {
        let devices = DevicesNamed::from_word(&self.devices).ok_or_else(|| "Choose how devices are identified.".to_owned());
        let devices = errors.take("devices_named", devices);
        let mut background = |name: &str, entered: &EnteredBackground, upload: Option<&str>| {
            // A file that was refused says why itself.
            if errors.of(&file_field(name)).is_some() { None } else { errors.take(name, entered.parse(upload)) }
        };
        let portal = background("portal", &self.portal, pictures.portal.as_deref());
        let clients = background("clients", &self.clients, pictures.clients.as_deref());
        let accent = if self.accent_choice == OWN { color(&self.accent).map(Some) } else { Ok(None) };
        let accent = errors.take("accent", accent);
        let title = errors.take("title", words(&self.title, TITLE));
        let support = errors.take("support", words(&self.support, SUPPORT));
        let logo = if self.no_logo { None } else { pictures.logo.clone() };
        let chosen = match (devices, portal, clients, accent, title, support) {
            (Some(devices), Some(portal), Some(clients), Some(accent), Some(title), Some(support)) => {
                Some(Global { devices, portal, clients, logo, accent, title, support })
            }
            _ => None,
        };
        errors.or(chosen)
    }
}

impl Entered {
    /// What it comes to for a look at it while somebody is still at it: what makes no sense yet stays as it is `instead`.
    pub fn so_far(&self, pictures: &Pictures, instead: &Global) -> Global {
        let background = |entered: &EnteredBackground, upload: Option<&str>, instead: &Background| {
            entered.parse(upload).unwrap_or_else(|_| instead.clone())
        };
        let accent = if self.accent_choice == OWN { Color::parse(&self.accent).or(instead.accent) } else { None };
        Global {
            devices: DevicesNamed::from_word(&self.devices).unwrap_or(instead.devices),
            portal: background(&self.portal, pictures.portal.as_deref(), &instead.portal),
            clients: background(&self.clients, pictures.clients.as_deref(), &instead.clients),
            logo: if self.no_logo { None } else { pictures.logo.clone() },
            accent,
            title: words(&self.title, TITLE).unwrap_or_else(|_| instead.title.clone()),
            support: words(&self.support, SUPPORT).unwrap_or_else(|_| instead.support.clone()),
        }
    }
}

impl Entered {
    /// The same with backgrounds as they are `instead` where their own picture is still to be chosen: another one's is taken meanwhile.
    #[must_use]
    pub fn but_for_missing(&self, pictures: &Pictures, instead: &Global) -> Self {
        let background = |entered: &EnteredBackground, upload: &Option<String>, instead: &Background| {
            let waits = entered.choice == BackgroundKind::Upload.word() && upload.is_none();
            if waits { EnteredBackground::of(instead) } else { entered.clone() }
        };
        Self {
            portal: background(&self.portal, &pictures.portal, &instead.portal),
            clients: background(&self.clients, &pictures.clients, &instead.clients),
            ..self.clone()
        }
    }
}

/// The names of the pictures that there are to choose: what was just uploaded, else what was there before.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pictures {
    /// For the personal portal background.
    pub portal: Option<String>,
    /// For all organizations.
    pub clients: Option<String>,
    /// The logo.
    pub logo: Option<String>,
}

impl Pictures {
    /// Those that are chosen now.
    pub fn of(global: &Global) -> Self {
        let upload = |background: &Background| if let Background::Upload(name) = background { Some(name.clone()) } else { None };
        Self { portal: upload(&global.portal), clients: upload(&global.clients), logo: global.logo.clone() }
    }
}

/// One line, or nothing.
fn words(raw: &str, most: usize) -> Result<Option<String>, String> {
    let line = text::line(raw, most)?;
    Ok((!text::key(&line).is_empty()).then_some(line))
}
