-- What nobody searches by its whole value needs no statistics, and sorting a sample of it was most of what analysing a growing log cost:
-- beside a rush of forms that is time which the forms wait for. Every half more rows is often enough for tables that are read by key.
alter table {t}.run alter column seen set statistics 0, alter column steps set statistics 0, set (autovacuum_analyze_scale_factor = 0.5);
alter table {t}.change alter column fields set statistics 0, set (autovacuum_analyze_scale_factor = 0.5);
alter table {t}.decision alter column candidates set statistics 0;
