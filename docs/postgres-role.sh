#!/bin/sh
# The role of the application: no superuser, so that row-level security holds for it.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v password="$APP_PASSWORD" <<'SQL'
CREATE ROLE one_legal LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE one_legal OWNER one_legal;
SQL
