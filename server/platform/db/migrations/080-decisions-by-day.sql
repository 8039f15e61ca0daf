-- The decisions of the last days are asked for by whoever tries other weights.
create index if not exists decision_at on {t}.decision using brin (at) with (pages_per_range = 32);
