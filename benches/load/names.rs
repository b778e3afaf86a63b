//! Names that could be real ones, each of its own.

const FIRST: [&str; 40] = [
    "Alder",
    "Amber",
    "Anchor",
    "Beacon",
    "Birch",
    "Bluewater",
    "Bridge",
    "Cedar",
    "Clear",
    "Copper",
    "Coral",
    "Crown",
    "Delta",
    "Eagle",
    "Elm",
    "Ember",
    "Falcon",
    "Fern",
    "Garden",
    "Granite",
    "Green",
    "Hazel",
    "Heron",
    "Iron",
    "Juniper",
    "Lantern",
    "Laurel",
    "Linden",
    "Maple",
    "Meadow",
    "North",
    "Oak",
    "Orchard",
    "Pine",
    "Quarry",
    "River",
    "Silver",
    "Stone",
    "Summit",
    "Willow",
];
const SECOND: [&str; 40] = [
    "Bay", "Bell", "Brook", "Canyon", "Castle", "Coast", "Court", "Creek", "Crest", "Dale", "Field", "Ford", "Forge", "Gate", "Glen",
    "Grove", "Harbor", "Haven", "Hill", "Hollow", "Island", "Key", "Lake", "Lane", "Ledge", "Light", "Mill", "Moor", "Park", "Point",
    "Pond", "Ridge", "Rock", "Shore", "Spring", "Square", "Tower", "Vale", "View", "Yard",
];
const TRADE: [&str; 25] = [
    "Accounting",
    "Architects",
    "Bakery",
    "Capital",
    "Clinic",
    "Consulting",
    "Dental",
    "Design",
    "Engineering",
    "Events",
    "Farms",
    "Freight",
    "Holdings",
    "Insurance",
    "Interiors",
    "Law",
    "Logistics",
    "Media",
    "Motors",
    "Optics",
    "Pharmacy",
    "Realty",
    "Schools",
    "Supply",
    "Travel",
];
const TOWN: [&str; 30] = [
    "Aarhus", "Bergen", "Bristol", "Calgary", "Dayton", "Denver", "Dublin", "Durban", "Fresno", "Geneva", "Ghent", "Graz", "Hobart",
    "Leeds", "Lisbon", "Lyon", "Malaga", "Mobile", "Nashua", "Oslo", "Perth", "Porto", "Quebec", "Reno", "Salem", "Tampere", "Toledo",
    "Trento", "Tulsa", "Verona",
];
const PEOPLE: [&str; 24] = [
    "Ana", "Ben", "Carla", "Dinah", "Emil", "Farah", "Georg", "Hana", "Ivo", "Jana", "Kofi", "Lena", "Milo", "Nora", "Otis", "Pia",
    "Quentin", "Rosa", "Sven", "Tara", "Ugo", "Vera", "Wim", "Yara",
];

/// Names there are.
const ALL: usize = FIRST.len() * SECOND.len() * TRADE.len() * TOWN.len();

fn pick<'a>(words: &[&'a str], number: &mut usize) -> &'a str {
    let word = words.get(*number % words.len()).copied().unwrap_or_default();
    *number /= words.len();
    word
}

/// The organization's name of this number, such as "Amber Harbor Dental Leeds". Up to 1,200,000 of them differ.
pub fn organization(number: usize) -> String {
    // Coprime to ALL, so that neighbors by number are none by name.
    let mut rest = number * 7_919 % ALL;
    let [first, second, trade, town] = [&FIRST[..], &SECOND, &TRADE, &TOWN].map(|words| pick(words, &mut rest));
    format!("{first} {second} {trade} {town}")
}

/// A person's first and last name.
pub fn person(number: usize) -> (&'static str, &'static str) {
    let mut rest = number * 31;
    (pick(&PEOPLE, &mut rest), pick(&SECOND, &mut rest))
}
