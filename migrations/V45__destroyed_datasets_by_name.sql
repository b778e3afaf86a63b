-- END-1, SUB-11: a receipt names the datasets that were destroyed, the first twenty of them: a list of texts. Those of before count them only.
alter table receipt add column dataset_names text not null default '[]';
