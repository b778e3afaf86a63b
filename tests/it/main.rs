//! The integration tests: one binary that drives the portal as a person would.
//!
//! Every file holds the rules of one slice, one test a sentence; `journeys/` follow the how-tos step by step; the rest watches the
//! whole: who may do what, what the source may import, what strange input does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::as_conversions,
    clippy::wildcard_enum_match_arm,
    reason = "a test says what is wrong by panicking"
)]
#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::format_collect,
    clippy::large_stack_arrays,
    clippy::match_same_arms,
    clippy::naive_bytecount,
    clippy::similar_names,
    clippy::type_complexity,
    reason = "these keep programs fast and general; a test is read"
)]

mod kernel;
mod support;

mod access;
mod accounts;
mod activity;
mod alerts;
mod api;
mod demo;
mod design;
mod demo_days;
mod device_status;
mod devices;
mod devices_api;
mod digests;
mod due;
mod employees;
mod endpoints;
mod ends;
mod factors;
mod groups;
mod guides;
mod half_set_up;
mod home;
mod imports;
mod keys;
mod licenses;
mod life;
mod mail;
mod mail_delivery;
mod mail_options;
mod mail_page;
mod naming;
mod networks;
mod new_organization;
mod notifications;
mod openapi;
mod organizations;
mod partners;
mod branding_letters;
mod branding_regions;
mod pictures;
mod prices;
mod proof;
mod saas;
mod saas_people;
mod saas_terms;
mod search;
mod seat_pages;
mod seats;
mod security;
mod settings;
mod statements;
mod subpartners;
mod support_authorization;
mod subscriptions;
mod transfers;
mod upkeep;
mod users;

mod access_matrix;
mod accessible;
mod account_command;
mod architecture;
mod attacks;
mod audits;
mod branding;
mod changes;
mod colors;
mod command_line;
mod crashes;
mod database;
mod failing_disk;
mod faults;
mod golden;
mod inputs;
mod isolation;
mod keyboard;
mod migration_crashes;
mod migrations;
mod recovery;
mod restore;
mod restores;
mod task_steps;
mod tasks;
mod tidy;
mod tls;
mod valid;
mod weights;
mod web;
mod wire;

mod journeys;
