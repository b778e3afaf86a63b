-- Device Status judges every device of a partner for each page: all that this takes stands in one index, by name. What is found by words, or
-- sorted otherwise, is looked for only when it is asked for.
create index device_judged on device (partner, name_key, id, name, organization, as_of, last_seen, local_permille, service_until, active_assets,
                                      oldest_snapshot, oldest_offsite, failed_backups, without_snapshot, failed_screenshots);
