//! Times as people say them, with the exact moment beside them.

use maud::{Markup, Render, html};

use crate::kernel::html::parts::{TimeTag, time_tag};
use crate::kernel::time::{Timestamp, Zone};

/// How a viewer reads times, and the moment the page is drawn.
#[derive(Clone, Debug)]
pub struct Times {
    /// The viewer's zone (ALL-6).
    pub zone: Zone,
    /// Now.
    pub now: Timestamp,
}

impl Times {
    /// "12 minutes ago", the exact time in the tooltip.
    pub fn ago(&self, moment: Timestamp) -> Markup {
        Ago(self, moment).render()
    }

    /// "in 12 minutes" for what is yet to come or overdue, the exact time in the tooltip.
    pub fn until(&self, moment: Timestamp) -> Markup {
        time_tag(&moment.iso(), &self.zone.exact(moment), &moment.max(self.now).until(self.now))
    }

    /// "22 Nov 2026", the exact time in the tooltip.
    pub fn date(&self, moment: Timestamp) -> Markup {
        time_tag(&moment.iso(), &self.zone.exact(moment), &self.zone.date(moment))
    }

    /// The exact time, which needs no tooltip.
    pub fn exact(&self, moment: Timestamp) -> Markup {
        let exact = self.zone.exact(moment);
        html! { time datetime=(moment.iso()) { (exact) } }
    }

    /// "6 days left to set up", the exact time in the tooltip.
    pub fn left(&self, moment: Timestamp, what: &str) -> Markup {
        time_tag(&moment.iso(), &self.zone.exact(moment), &format!("{} left {what}", (moment - self.now).left()))
    }

    /// A countdown, both the moment and what is left: "deactivates 29 Nov, in 6 days".
    pub fn countdown(&self, what: &str, moment: Timestamp) -> Markup {
        let human = format!("{}, {}", self.zone.day_and_month(moment), moment.until(self.now));
        html! { (what) " " (time_tag(&moment.iso(), &self.zone.exact(moment), &human)) }
    }
}

/// "12 minutes ago", written straight into the page: for long lists.
#[derive(Debug, Clone, Copy)]
pub struct Ago<'a>(pub &'a Times, pub Timestamp);

impl Render for Ago<'_> {
    fn render_to(&self, page: &mut String) {
        ago(self.0, self.1, false, page);
    }
}

/// The same, smaller and paler.
#[derive(Debug, Clone, Copy)]
pub struct SubAgo<'a>(pub &'a Times, pub Timestamp);

impl Render for SubAgo<'_> {
    fn render_to(&self, page: &mut String) {
        ago(self.0, self.1, true, page);
    }
}

fn ago(times: &Times, moment: Timestamp, sub: bool, page: &mut String) {
    TimeTag { iso: &moment.iso(), exact: &times.zone.exact(moment), human: &moment.relative(times.now), sub }.render_to(page);
}
