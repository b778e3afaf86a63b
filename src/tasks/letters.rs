//! What somebody who asked for a task is told of it (DEV-7, MAI-4). It holds no secret.

use maud::html;

use crate::kernel::time::Zone;
use crate::mail::model::{BASE, Content};
use crate::tasks::model::{State, Task};

/// It was done, or refused; `device` is what the reader calls the device (DEV-4).
pub fn ended(task: &Task, device: &str, (name, partner): (&str, &str)) -> Content {
    let title = task.title();
    let word = if task.state == State::Done { "was done" } else { "was refused" };
    let when = task.ended.as_ref().map(|ended| Zone::utc().exact(ended.at)).unwrap_or_default();
    let first = format!("{title}, which you asked for on {device} of {}, {word} on {when}.", task.organization.1);
    let result = task.result.clone().unwrap_or_default();
    let link = format!("{BASE}/tasks/{}", task.id);
    let text = format!("Hello {name},\n\n{first}\n\n{result}\n\n{link}\n\n{partner}\n");
    let page = html! {
        p { "Hello " (name) "," }
        p { (first) }
        @for line in result.lines() { p { (line) } }
        p { a href=(link) { (link) } }
        p { (partner) }
    };
    Content { subject: format!("{partner}: {title} on {device} {word}"), text, html: page.into_string() }
}
