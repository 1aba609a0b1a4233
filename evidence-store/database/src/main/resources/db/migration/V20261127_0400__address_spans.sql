-- An asset can have had one address in several spans of time, with another machine's in between.
alter table asset_identifier drop constraint asset_identifier_asset_kind_value_key;
alter table asset_identifier add unique (asset, kind, value, first_seen);
