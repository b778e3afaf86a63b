//! The mass of an estate: organizations with what belongs to them, written as the stores would write it.

use std::path::Path;

use portico::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId};
use portico::kernel::month::Month;
use portico::kernel::text;
use portico::kernel::time::Timestamp;
use portico::organizations::model::{Contact, state_tag};
use portico::organizations::store::search_text;
use portico::saas;
use portico::saas::model::Product;
use portico::subscriptions::model::State;
use rusqlite::{Connection, Statement, params};

use crate::estate::{FEW, now};
use crate::{Fallible, names};

/// Writes `size` organizations, every `stride`th of the names: ten of the last partner's, the others of the first's.
pub fn fill(file: &Path, partners: &[PartnerId], size: usize, stride: usize) -> Fallible<()> {
    let mut connection = Connection::open(file)?;
    connection.execute_batch("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -800000;")?;
    let transaction = connection.transaction()?;
    let mut writer = Writer::over(&transaction, partners)?;
    let step = 90_000_000 / size;
    for number in 0..size {
        // Random enough, and rising: the search index takes rising ids alone in large steps.
        let id = OrganizationId(10_000_000 + whole(number * step + number * 7_919 % step));
        let few = partners.len() > 1 && number.is_multiple_of(size / FEW);
        writer.organization(number * stride, id, usize::from(few))?;
    }
    drop(writer);
    transaction.commit()?;
    connection.execute_batch("pragma journal_mode = wal;")?;
    Ok(())
}

/// The statements that write one organization with what belongs to it.
struct Writer<'a> {
    chains: Vec<Vec<PartnerId>>,
    now: i64,
    organization: Statement<'a>,
    subscription: Statement<'a>,
    listing: Statement<'a>,
    usage: Statement<'a>,
    identity: Statement<'a>,
    account: Statement<'a>,
    user: Statement<'a>,
    saas: Statement<'a>,
    seat: Statement<'a>,
}

impl<'a> Writer<'a> {
    fn over(connection: &'a Connection, partners: &[PartnerId]) -> Fallible<Self> {
        // Each partner with those above it.
        let chains = (0..partners.len()).map(|last| partners.iter().take(last + 1).rev().copied().collect()).collect();
        Ok(Self {
            chains,
            now: now(),
            organization: connection.prepare(
                "insert into organization (id, partner, name, name_key, contact_first_name, contact_last_name, contact_email,
                                           contact_email_key, country, created_at, created_by, tags, search)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 'US', ?8, 'Ada Lane', ?9, ?10)",
            )?,
            subscription: connection.prepare(
                "insert into subscription (organization, partner, plan, auto_license, seats, state, since) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?,
            listing: connection.prepare(
                "insert into organization_listing (viewer, organization, state, name_key, plan, users, services, seats_used, auto_license,
                                                   seats, unsubscribed_at)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?,
            usage: connection.prepare(
                "insert into organization_usage (organization, partner, month, plan_now, plan, used, committed, most_used, most_committed)
                 values (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?5, ?6)",
            )?,
            identity: connection.prepare("insert into identity (id, partner, email, email_key, created_at) values (?1, ?2, ?3, ?3, ?4)")?,
            account: connection.prepare(
                "insert into account (id, partner, identity, organization, first_name, last_name, name_key, state, since, set_up_at,
                                      created_at, tags, search)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'active', ?8, ?8, ?8, ?9, ?10)",
            )?,
            user: connection.prepare(
                "insert into organization_user (account, partner, organization, access, endpoint_access) values (?1, ?2, ?3, 'full', 'none')",
            )?,
            saas: connection.prepare(
                "insert into saas_account (id, partner, organization, vendor_id, name, name_key, domain, domain_key, product, seats_used,
                                           linked_at, as_of, used_bytes, active_services, backed_services, perfect_services,
                                           last_fully_protected, strip, health, severity, created_at, tags, search,
                                           seats_active, seats_billable)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, 4, ?9, ?10, 4000000000, 8, ?11, ?11, ?10, ?12, ?13, ?14, ?9, ?15, ?16, 4, 4)",
            )?,
            seat: connection.prepare(
                "insert into seat (id, partner, saas_account, main_id, name, name_key, seat_type, state, state_since, billable)
                 values (?1, ?2, ?3, ?4, ?5, ?6, 'User', 'Active', ?7, 1)",
            )?,
        })
    }

    fn organization(&mut self, number: usize, id: OrganizationId, partner: usize) -> Fallible<()> {
        let chain = self.chains.get(partner).cloned().unwrap_or_default();
        let own = *chain.first().ok_or("no partner")?;
        let (name, (first, last)) = (names::organization(number), names::person(number));
        let (key, domain) = (text::key(&name), format!("{}.example", text::key(&name).replace(' ', "-")));
        let email = format!("office@{domain}");
        let state = match number % 100 {
            7 | 37 | 67 => State::Suspended,
            21 | 71 => State::Unsubscribed,
            _ => State::Active,
        };
        let (users, services) = (number % 3, i64::from(number.is_multiple_of(2)));
        let contact = Contact { first_name: Some(first.to_owned()), last_name: Some(last.to_owned()), email: Some(email.clone()) };
        let domains = if services > 0 { vec![domain.clone()] } else { Vec::new() };
        let mut marks: Vec<String> = chain.iter().map(|partner| text::partner_tag(partner.0)).collect();
        let tags = marks.join(" ");
        marks.extend(state_tag(state));
        // Those that unsubscribed did it ten days ago: they are not destroyed while pages are measured.
        let (plan, since) =
            ((services > 0).then_some("backup"), self.now - if state == State::Unsubscribed { 10 } else { 90 } * 86_400_000);
        let unsubscribed_at = (state == State::Unsubscribed).then_some(since);
        let search = search_text(id, &name, &contact, &domains);
        self.organization.execute(params![id, own, name, key, first, last, email, since, marks.join(" "), search])?;
        let (auto_license, seats) = (number.is_multiple_of(5), plan.map(|_| 5));
        self.subscription.execute(params![id, own, plan, auto_license, seats, state, since])?;
        let committed = if auto_license { 0 } else { seats.unwrap_or_default() };
        self.usage.execute(params![id, own, Month::of(Timestamp(self.now)), plan, services * 4, committed])?;
        for viewer in &chain {
            self.listing.execute(params![
                viewer,
                id,
                state,
                key,
                plan,
                whole(users),
                services,
                services * 4,
                auto_license,
                seats,
                unsubscribed_at
            ])?;
        }
        for turn in 0..users {
            self.user(number * 2 + turn, own, id, &domain, &tags)?;
        }
        if services > 0 { self.saas(number, own, id, &name, &domain, &tags) } else { Ok(()) }
    }

    fn user(&mut self, number: usize, partner: PartnerId, organization: OrganizationId, domain: &str, tags: &str) -> Fallible<()> {
        let (identity, account) = (IdentityId(rising(number)), AccountId(rising(number)));
        let (first, last) = names::person(number * 7);
        let email = format!("{}.{}{}@{domain}", first.to_lowercase(), last.to_lowercase(), number % 2);
        let (key, since) = (text::key(&format!("{last} {first}")), self.now - 60 * 86_400_000);
        self.identity.execute(params![identity, partner, email, since])?;
        let search = text::key(&format!("{first} {last} {email}"));
        self.account.execute(params![account, partner, identity, organization, first, last, key, since, tags, search])?;
        self.user.execute(params![account, partner, organization])?;
        Ok(())
    }

    fn saas(
        &mut self,
        number: usize,
        partner: PartnerId,
        organization: OrganizationId,
        name: &str,
        domain: &str,
        tags: &str,
    ) -> Fallible<()> {
        let (id, vendor) = (rising(number), 100_000 + whole(number));
        let product = if number.is_multiple_of(4) { Product::Microsoft365 } else { Product::GoogleWorkspace };
        let (backed, strip, health, severity) = match number % 50 {
            2 | 12 | 32 => (6, "ggggggggga", "some_missed", 2),
            22 => (0, "gggggggrrr", "failing", 3),
            _ => (8, "gggggggggg", "protected", 0),
        };
        let (since, as_of) = (self.now - 80 * 86_400_000, self.now - 3_600_000);
        let search = saas::store::search_text(name, domain, Some(vendor), product);
        self.saas.execute(params![
            id,
            partner,
            organization,
            vendor,
            name,
            text::key(name),
            domain,
            product,
            since,
            as_of,
            backed,
            strip,
            health,
            severity,
            tags,
            search
        ])?;
        for turn in 0..4 {
            let (first, last) = names::person(number + turn * 97);
            let (seat, main) = (rising(number * 4 + turn), format!("{}{turn}@{domain}", first.to_lowercase()));
            let shown = format!("{first} {last}");
            self.seat.execute(params![seat, partner, id, main, shown, text::key(&shown), since])?;
        }
        Ok(())
    }
}

/// An id of fifteen digits that rises with the number.
fn rising(number: usize) -> i64 {
    whole(100_000_000_000_000 + number * 200_000_000 + number * 7_919 % 200_000_000)
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
