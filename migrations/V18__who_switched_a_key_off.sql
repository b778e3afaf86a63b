-- Who switched a key off, and in which role: whoever made it does not switch it on again over the head of somebody above (EMP-2).
-- Empty for keys that a restore switched off.
alter table api_key add column deactivated_by text;
alter table api_key add column deactivated_role text;
