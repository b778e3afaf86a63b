//! The pictures that come with the form (BRA-4): each is made of nothing but pixels before anything is kept.

use crate::access::witness_model::PrimaryAccount;
use crate::branding::actions;
use crate::branding::model::{ONE_FILE, Pictures, file_field};
use crate::kernel::db::Tx;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::form::{Form, Upload};
use crate::kernel::picture::{self, Picture, Purpose, Refusal};

/// The logo's name on the form.
pub const LOGO: &str = "logo";

/// What became of the form's files.
#[derive(Debug, Default)]
pub struct Uploads {
    logo: Option<Picture>,
    portal: Option<Picture>,
    clients: Option<Picture>,
    is_crowded: bool,
    /// Why files were not taken, by field.
    pub errors: FieldErrors,
}

/// Whether a file came for this picture.
pub fn came(form: &Form, of: &str) -> bool {
    file(form, of).is_some()
}

fn file<'a>(form: &'a Form, of: &str) -> Option<&'a Upload> {
    let field = file_field(of);
    form.files.iter().find(|file| file.field == field)
}

impl Uploads {
    /// Reads the files; one after the other, each within two seconds.
    pub fn of(form: &Form) -> Self {
        let mut uploads = Self::default();
        uploads.logo = uploads.read(form, LOGO, Purpose::Logo);
        uploads.portal = uploads.read(form, "portal", Purpose::Background);
        uploads.clients = uploads.read(form, "clients", Purpose::Background);
        uploads
    }

    fn read(&mut self, form: &Form, of: &str, purpose: Purpose) -> Option<Picture> {
        let file = file(form, of)?;
        if self.is_crowded {
            // Who waited in vain for one picture does not wait for the next: the form comes back at once.
            return None;
        }
        if 1 < form.files.iter().filter(|other| other.field == file.field).count() {
            return self.errors.take(&file.field, Err(ONE_FILE.to_owned()));
        }
        let made = picture::clean(&file.bytes, purpose);
        self.is_crowded = matches!(made, Err(Refusal::Busy));
        self.errors.take(&file_field(of), made.map_err(|refusal| refusal.to_string()))
    }

    /// Keeps what was taken; the names of the pictures there are to choose, what came in the place of what was there `before`.
    pub fn keep(&self, tx: &Tx<'_>, by: &PrimaryAccount, before: Pictures) -> Result<Pictures> {
        let keep = |picture: &Option<Picture>, before: Option<String>| match picture {
            Some(picture) => actions::keep_picture(tx, by, picture).map(Some),
            None => Ok(before),
        };
        Ok(Pictures {
            portal: keep(&self.portal, before.portal)?,
            clients: keep(&self.clients, before.clients)?,
            logo: keep(&self.logo, before.logo)?,
        })
    }
}
