//! The table: printed as it comes, and kept in `benches/results.md`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::client::Sample;
use crate::{Fallible, Options};

/// What is to be reached.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// Nothing in particular.
    None,
    /// No less than this.
    AtLeast(f64),
    /// Less than this.
    Under(f64),
}

impl Goal {
    fn words(self) -> String {
        match self {
            Self::None => String::new(),
            Self::AtLeast(edge) => format!("≥ {edge}"),
            Self::Under(edge) => format!("< {edge}"),
        }
    }

    fn mark(self, value: f64) -> &'static str {
        match self {
            Self::None => "",
            Self::AtLeast(edge) if edge <= value => " ✓",
            Self::Under(edge) if value < edge => " ✓",
            Self::AtLeast(_) | Self::Under(_) => " ✗",
        }
    }
}

/// A page beside the same bytes from the bare server.
#[derive(Clone, Debug)]
pub struct PageLine {
    /// What was asked for.
    pub name: String,
    /// How many organizations there are.
    pub size: usize,
    /// The page's length in bytes.
    pub bytes: usize,
    /// All answers of the portal.
    pub portal: Sample,
    /// All answers of the bare server.
    pub bare: Sample,
    /// The portal's rate over the bare one's: the median of the rounds.
    pub ratio: f64,
    /// What the ratio is to reach.
    pub goal: Goal,
    /// What the 99th percentile is to stay under, in milliseconds.
    pub p99: Goal,
}

/// One figure.
#[derive(Clone, Debug)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    goal: Goal,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Report {
    pages: Vec<PageLine>,
    figures: Vec<Figure>,
}

/// Of sorted times, the one that this share of them does not exceed, in milliseconds.
pub fn percentile(times: &[Duration], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let place = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
}

/// The middle of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

const HEADINGS: &str = "| page | organizations | KB | portal, a second | µs each | median ms | p99 ms | bare, a second | µs each | of bare | to reach |\n\
                        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |";

impl Report {
    /// Says what is about to be measured.
    pub fn begin(options: &Options) -> Fallible<Self> {
        println!("{}{}\n\n{HEADINGS}", machine()?, if options.quick { " Quick: shorter rounds than those of the results." } else { "" });
        Ok(Self::default())
    }

    /// Adds a page.
    pub fn page(&mut self, line: PageLine) {
        println!("{}", page_row(&line));
        self.pages.push(line);
    }

    /// Adds a figure.
    pub fn figure(&mut self, name: impl Into<String>, value: f64, unit: &'static str, goal: Goal) {
        let figure = Figure { name: name.into(), value, unit, goal };
        println!("{}", figure_row(&figure));
        self.figures.push(figure);
    }

    /// Growth from the smallest portal to the largest, and the file when everything was measured.
    pub fn end(mut self, options: &Options) -> Fallible<()> {
        for (name, growth) in self.growths() {
            self.figure(format!("growth of {name} from the fewest organizations to the most"), growth, "times", Goal::Under(1.6));
        }
        if options.parts.is_empty() && options.sizes == [1_000, 100_000, 1_000_000] && !options.quick {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/results.md");
            std::fs::write(&path, self.document()?)?;
            println!("\nwritten to {}", path.display());
        }
        Ok(())
    }

    /// How much more a page costs in the largest portal than in the smallest, both measured by the bare server beside them.
    fn growths(&self) -> Vec<(String, f64)> {
        let least = self.pages.iter().map(|line| line.size).min().unwrap_or_default();
        let most = self.pages.iter().map(|line| line.size).max().unwrap_or_default();
        let of = |line: &&PageLine| least < most && line.size == most;
        let before = |name: &str| self.pages.iter().find(|line| line.size == least && line.name == name);
        self.pages.iter().filter(of).filter_map(|line| Some((line.name.clone(), before(&line.name)?.ratio / line.ratio))).collect()
    }

    fn document(&self) -> Fallible<String> {
        let mut text = format!("# What the bench found\n\n{}\n\n", machine()?);
        text.push_str(
            "`cargo bench` writes this file. The bare server is tiny_http alone, serving the same bytes with the same listener settings in the\n\
             same run, by turns with the portal; 16 kept-alive connections each, from the same machine. Ratios are the median of the rounds.\n\
             \"µs each\" is what an answer costs the server's process, which the machine's other work changes least.\n\n",
        );
        writeln!(text, "{HEADINGS}")?;
        for line in &self.pages {
            writeln!(text, "{}", page_row(line))?;
        }
        writeln!(text, "\n| what | figure | to reach |\n| --- | ---: | --- |")?;
        for figure in &self.figures {
            writeln!(text, "{}", figure_row(figure))?;
        }
        text.push_str("\n`/v1/saas/domains` is not built yet, so it has no line.\n");
        Ok(text)
    }
}

fn page_row(line: &PageLine) -> String {
    let p99 = percentile(&line.portal.took, 0.99);
    let mut goals = Vec::new();
    if !matches!(line.goal, Goal::None) {
        goals.push(format!("{} of bare{}", line.goal.words(), line.goal.mark(line.ratio)));
    }
    if !matches!(line.p99, Goal::None) {
        goals.push(format!("p99 {} ms{}", line.p99.words(), line.p99.mark(p99)));
    }
    format!(
        "| {} | {} | {:.1} | {:.0} | {:.0} | {:.2} | {p99:.2} | {:.0} | {:.0} | {:.2} | {} |",
        line.name,
        line.size,
        line.bytes as f64 / 1_000.0,
        line.portal.rate(),
        line.portal.cost(),
        percentile(&line.portal.took, 0.5),
        line.bare.rate(),
        line.bare.cost(),
        line.ratio,
        goals.join(", ")
    )
}

fn figure_row(figure: &Figure) -> String {
    let shown = if figure.value < 10.0 { format!("{:.2}", figure.value) } else { format!("{:.0}", figure.value) };
    format!("| {} | {shown} {} | {}{} |", figure.name, figure.unit, figure.goal.words(), figure.goal.mark(figure.value))
}

/// Machine, date and commit in a sentence.
fn machine() -> Fallible<String> {
    let say = |program: &str, arguments: &[&str]| -> Fallible<String> {
        Ok(String::from_utf8(Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output()?.stdout)?
            .trim()
            .to_owned())
    };
    let processor = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes: u64 =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0);
    let changed = if say("git", &["status", "--porcelain"])?.is_empty() { "" } else { " with changes" };
    Ok(format!(
        "{}, commit {}{changed}. {model}, {} processors, {} GB, {}.",
        say("date", &["-u", "+%Y-%m-%d %H:%M UTC"])?,
        say("git", &["rev-parse", "--short", "HEAD"])?,
        std::thread::available_parallelism()?,
        kilobytes / 1_000_000,
        say("uname", &["-sr"])?
    ))
}
