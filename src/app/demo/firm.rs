//! Who there is in the demo: forty organizations with their accounts and users. All of it is made up.

use crate::app::demo::people::{Person, RESTORES, person};
use crate::kernel::time::Span;
use crate::saas::model::Product;
use crate::subscriptions::life_model::Operation;

/// Whose client an organization is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hand {
    /// The distributor's own.
    Meridian,
    /// The larger partner's.
    Lantern,
    /// The smaller partner's.
    Copperfield,
}

/// How an account's backups go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Health {
    /// All well, with a bad day now and then.
    Healthy,
    /// Something was missed today.
    SomeMissed,
    /// Nothing was backed up today.
    Failing,
    /// The third day that is not perfect.
    ThreeBadDays,
    /// Reports stopped four days ago.
    Stale,
    /// Protected for two days only.
    TooYoung,
    /// Nobody has authorized it yet.
    Pending,
    /// Nothing was reported yet.
    Unreported,
    /// All of its seats are paused.
    Paused,
    /// There is nothing in it to back up.
    Idle,
}

/// How an account stands to its organization.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Link {
    /// Linked.
    Linked,
    /// Nobody has linked it yet.
    NeverLinked,
    /// Somebody took the link away.
    TakenAway,
}

/// A user of an organization, and how their account stands.
#[derive(Clone, Copy, Debug)]
pub enum User {
    /// Signs in.
    Active(Person),
    /// Has six days left.
    Invited(Person),
    /// Has a day left.
    AboutToLapse(Person),
    /// Was too late.
    Lapsed(Person),
    /// Was switched off.
    Deactivated(Person),
    /// Has no letter yet.
    NotInvited(Person),
}

impl User {
    /// Who.
    pub const fn person(&self) -> &Person {
        match self {
            Self::Active(person)
            | Self::Invited(person)
            | Self::AboutToLapse(person)
            | Self::Lapsed(person)
            | Self::Deactivated(person)
            | Self::NotInvited(person) => person,
        }
    }
}

/// An organization.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Its name.
    pub name: &'static str,
    /// Its domain.
    pub domain: &'static str,
    /// Whose it is.
    pub hand: Hand,
    /// What is protected.
    pub product: Product,
    /// How many accounts it has; a second one is of the other vendor.
    pub accounts: usize,
    /// People in each.
    pub seats: i64,
    /// How the first one's backups go; a second one is well.
    pub health: Health,
    /// How the accounts stand to it.
    pub link: Link,
    /// Its users.
    pub users: &'static [User],
}

/// Created and deleted again; its account is left without an organization.
pub const GONE: Client = Client {
    name: "Tidepool Media",
    domain: "tidepoolmedia.example",
    hand: Hand::Lantern,
    product: Product::Microsoft365,
    accounts: 1,
    seats: 11,
    health: Health::Healthy,
    link: Link::NeverLinked,
    users: &[],
};

/// Created and deleted again with its backups; nothing was reported of its account since.
pub const PURGED: Client = Client {
    name: "Old Mill Antiques",
    domain: "oldmillantiques.example",
    hand: Hand::Lantern,
    product: Product::GoogleWorkspace,
    accounts: 1,
    seats: 4,
    health: Health::Unreported,
    link: Link::NeverLinked,
    users: &[],
};

/// Those whose backups rest: unsubscribed with two days left, unsubscribed a week ago, and suspended.
#[rustfmt::skip] // a table, one line an organization
pub const RESTING: [(Client, Operation, Span); 3] = [
    (Client { name: "Wren & Thatcher", domain: "wrenthatcher.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 9, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Milo", "Wren", "wrenthatcher.example", false))] }, Operation::Unsubscribe, Span::hours(42 * 24 + 21)),
    (Client { name: "Rookery Hostel", domain: "rookeryhostel.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 12, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Ida", "Solberg", "rookeryhostel.example", false))] }, Operation::Unsubscribe, Span::days(7)),
    (Client { name: "Pinehurst Golf", domain: "pinehurstgolf.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 15, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Walt", "Abbot", "pinehurstgolf.example", false))] }, Operation::Suspend, Span::days(5)),
];

/// The forty.
#[rustfmt::skip] // a table, one line an organization
pub const CLIENTS: &[Client] = &[
    Client { name: "Alder Dental", domain: "alderdental.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 2, seats: 6, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Olivia", "Brandt", "alderdental.example", true)), User::Active(person("Noah", "Novak", "alderdental.example", false))] },
    Client { name: "Birchwood Law", domain: "birchwoodlaw.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 13, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Amara", "Petrova", "birchwoodlaw.example", false))] },
    Client { name: "Bluestone Masonry", domain: "bluestonemasonry.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 20, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Lucas", "Cole", "bluestonemasonry.example", false)), User::Invited(person("Mia", "Volkov", "bluestonemasonry.example", false))] },
    Client { name: "Brightside Nursery", domain: "brightsidenursery.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 27, health: Health::Healthy, link: Link::Linked, users: &[User::NotInvited(person("Ethan", "Fischer", "brightsidenursery.example", false)), User::NotInvited(person("Zara", "Stone", "brightsidenursery.example", false)), User::NotInvited(person("Leo", "Holm", "brightsidenursery.example", false))] },
    Client { name: "Cobalt Logistics", domain: "cobaltlogistics.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 34, health: Health::Failing, link: Link::Linked, users: &[User::Active(person("Ines", "Iyer", "cobaltlogistics.example", true))] },
    Client { name: "Corner Table Bakery", domain: "cornertablebakery.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 10, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Hugo", "Moreno", "cornertablebakery.example", false)), User::AboutToLapse(person("Freya", "Lind", "cornertablebakery.example", false))] },
    Client { name: "Dovetail Joinery", domain: "dovetailjoinery.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 2, seats: 17, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Omar", "Silva", "dovetailjoinery.example", false)), User::Lapsed(person("Clara", "Weber", "dovetailjoinery.example", false))] },
    Client { name: "Eastgate Physio", domain: "eastgatephysio.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 24, health: Health::SomeMissed, link: Link::Linked, users: &[] },
    Client { name: "Elm Street Vets", domain: "elmstreetvets.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 31, health: Health::Healthy, link: Link::NeverLinked, users: &[User::Active(person("Felix", "Keller", "elmstreetvets.example", false))] },
    Client { name: "Fable Books", domain: "fablebooks.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 7, health: Health::ThreeBadDays, link: Link::Linked, users: &[User::Active(person("Nadia", "Costa", "fablebooks.example", false))] },
    Client { name: "Fern & Field", domain: "fernfield.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 14, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Jonas", "Meyer", "fernfield.example", false)), User::Invited(person("Elena", "Nasser", "fernfield.example", false))] },
    Client { name: "Gablehouse Estates", domain: "gablehouseestates.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 0, seats: 21, health: Health::Healthy, link: Link::Linked, users: &[] },
    Client { name: "Granite Gym", domain: "granitegym.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 28, health: Health::SomeMissed, link: Link::Linked, users: &[User::Active(RESTORES), User::Active(person("Tara", "Haddad", "granitegym.example", false))] },
    Client { name: "Harrow Surveyors", domain: "harrowsurveyors.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 2, seats: 35, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Viktor", "Reyes", "harrowsurveyors.example", false)), User::Deactivated(person("Ruth", "Adler", "harrowsurveyors.example", false))] },
    Client { name: "Hilltop Winery", domain: "hilltopwinery.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 11, health: Health::Healthy, link: Link::TakenAway, users: &[User::Active(person("Samuel", "Kraus", "hilltopwinery.example", false))] },
    Client { name: "Indigo Prints", domain: "indigoprints.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 18, health: Health::Stale, link: Link::Linked, users: &[] },
    Client { name: "Juniper Travel", domain: "junipertravel.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 25, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Yara", "Walsh", "junipertravel.example", false)), User::AboutToLapse(person("Peter", "Farah", "junipertravel.example", false))] },
    Client { name: "Kestrel Drones", domain: "kestreldrones.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 32, health: Health::Failing, link: Link::Linked, users: &[User::Active(person("Lena", "Quinn", "kestreldrones.example", false))] },
    Client { name: "Larkspur Florists", domain: "larkspurflorists.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 8, health: Health::Idle, link: Link::Linked, users: &[User::Active(person("Oscar", "Dahl", "larkspurflorists.example", false))] },
    Client { name: "Maple Orthodontics", domain: "mapleorthodontics.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 0, seats: 15, health: Health::Healthy, link: Link::Linked, users: &[User::Invited(person("Maya", "Okoye", "mapleorthodontics.example", false))] },
    Client { name: "Millbrook Farm", domain: "millbrookfarm.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 22, health: Health::Pending, link: Link::Linked, users: &[User::Active(person("Tobias", "Berg", "millbrookfarm.example", false))] },
    Client { name: "Northlight Studio", domain: "northlightstudio.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 29, health: Health::SomeMissed, link: Link::Linked, users: &[User::Active(person("Anya", "Rossi", "northlightstudio.example", false))] },
    Client { name: "Oakline Fencing", domain: "oaklinefencing.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 36, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("David", "Grant", "oaklinefencing.example", false)), User::Lapsed(person("Olivia", "Keller", "oaklinefencing.example", false))] },
    Client { name: "Pebble Beach Hotel", domain: "pebblebeachhotel.example", hand: Hand::Lantern, product: Product::GoogleWorkspace, accounts: 1, seats: 12, health: Health::Healthy, link: Link::NeverLinked, users: &[] },
    Client { name: "Quarry Bank School", domain: "quarrybankschool.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 19, health: Health::TooYoung, link: Link::Linked, users: &[User::Active(person("Noah", "Costa", "quarrybankschool.example", false))] },
    Client { name: "Redwood Accountants", domain: "redwoodaccountants.example", hand: Hand::Lantern, product: Product::Microsoft365, accounts: 1, seats: 26, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Amara", "Meyer", "redwoodaccountants.example", false))] },
    Client { name: "Saltmarsh Sailing", domain: "saltmarshsailing.example", hand: Hand::Copperfield, product: Product::GoogleWorkspace, accounts: 1, seats: 33, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Lucas", "Nasser", "saltmarshsailing.example", true))] },
    Client { name: "Silverbirch Optics", domain: "silverbirchoptics.example", hand: Hand::Copperfield, product: Product::Microsoft365, accounts: 2, seats: 9, health: Health::Healthy, link: Link::Linked, users: &[] },
    Client { name: "Starling Cafe", domain: "starlingcafe.example", hand: Hand::Copperfield, product: Product::Microsoft365, accounts: 1, seats: 16, health: Health::Failing, link: Link::Linked, users: &[User::Active(person("Mia", "Price", "starlingcafe.example", false))] },
    Client { name: "Summit Cycles", domain: "summitcycles.example", hand: Hand::Copperfield, product: Product::GoogleWorkspace, accounts: 1, seats: 23, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Ethan", "Haddad", "summitcycles.example", false)), User::Invited(person("Zara", "Reyes", "summitcycles.example", false))] },
    Client { name: "Thistle Textiles", domain: "thistletextiles.example", hand: Hand::Copperfield, product: Product::Microsoft365, accounts: 1, seats: 30, health: Health::Healthy, link: Link::NeverLinked, users: &[User::Active(person("Leo", "Adler", "thistletextiles.example", false))] },
    Client { name: "Tern Shipping", domain: "ternshipping.example", hand: Hand::Copperfield, product: Product::Microsoft365, accounts: 0, seats: 6, health: Health::Healthy, link: Link::Linked, users: &[User::NotInvited(person("Ines", "Kraus", "ternshipping.example", false)), User::NotInvited(person("Hugo", "Walsh", "ternshipping.example", false))] },
    Client { name: "Umber Pottery", domain: "umberpottery.example", hand: Hand::Copperfield, product: Product::GoogleWorkspace, accounts: 1, seats: 13, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Freya", "Farah", "umberpottery.example", false))] },
    Client { name: "Vale Insurance", domain: "valeinsurance.example", hand: Hand::Copperfield, product: Product::Microsoft365, accounts: 1, seats: 20, health: Health::SomeMissed, link: Link::Linked, users: &[User::Active(person("Omar", "Quinn", "valeinsurance.example", false))] },
    Client { name: "Wharf Street Gallery", domain: "wharfstreetgallery.example", hand: Hand::Copperfield, product: Product::Microsoft365, accounts: 1, seats: 27, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Clara", "Dahl", "wharfstreetgallery.example", false)), User::AboutToLapse(person("Felix", "Okoye", "wharfstreetgallery.example", false))] },
    Client { name: "Willow Care Homes", domain: "willowcarehomes.example", hand: Hand::Copperfield, product: Product::GoogleWorkspace, accounts: 1, seats: 34, health: Health::Paused, link: Link::Linked, users: &[] },
    Client { name: "Yew Tree Theatre", domain: "yewtreetheatre.example", hand: Hand::Copperfield, product: Product::Microsoft365, accounts: 1, seats: 10, health: Health::Pending, link: Link::Linked, users: &[User::Active(person("Nadia", "Berg", "yewtreetheatre.example", false))] },
    Client { name: "Meadowsweet Foods", domain: "meadowsweetfoods.example", hand: Hand::Meridian, product: Product::Microsoft365, accounts: 1, seats: 17, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Jonas", "Rossi", "meadowsweetfoods.example", true))] },
    Client { name: "Zephyr Aviation", domain: "zephyraviation.example", hand: Hand::Meridian, product: Product::GoogleWorkspace, accounts: 1, seats: 24, health: Health::Healthy, link: Link::Linked, users: &[User::Active(person("Elena", "Grant", "zephyraviation.example", false))] },
    Client { name: "Ashdown Charity", domain: "ashdowncharity.example", hand: Hand::Meridian, product: Product::Microsoft365, accounts: 1, seats: 31, health: Health::Unreported, link: Link::Linked, users: &[] },
];
