//! Addresses in other products (ACC-12): the e-mails that other products of a partner use, each with its product. Whoever has such an
//! e-mail here keeps it: changing it would part them from the other product.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
pub mod views;
