//! The building blocks of every page: frame, forms, tables, cards, charts and icons.
//!
//! Nothing here knows what the business is about: the blocks take finished strings and markup and answer markup. They follow
//! three rules that hold for the whole portal: no script or style inside the page, everything works without scripts, and what
//! a color says is also said by a word or a shape.

pub mod charts;
pub mod columns;
pub mod form;
pub mod frame;
pub mod icons;
pub mod menus;
pub mod parts;
pub mod picks;
pub mod qr;
pub mod search;
pub mod table;
pub mod text;
pub mod when;
