# PostgreSQL for scripts/services: a cluster of its own, reached by password over loopback. Sourced, not run.

postgresql_bin() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

postgresql_start() {
  local bin data=$dir/postgresql/data
  bin=$(postgresql_bin)
  if [ ! -s "$data/PG_VERSION" ]; then
    own_folder postgres "$dir/postgresql"
    as postgres "$bin/initdb" -D "$data" -U postgres -E UTF8 --locale=C.UTF-8 --auth-local=trust --auth-host=scram-sha-256
    # Without waiting for the disk: what is in here can be made again.
    as postgres tee -a "$data/postgresql.conf" <<EOF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir/postgresql'
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
EOF
  fi
  as postgres "$bin/pg_ctl" -D "$data" -l "$dir/postgresql/log" -o "-p $pg_port" -w -t 30 start
  # Not a superuser: the product must not come to need one. CREATEDB is for the tests' own databases.
  postgresql_query "SELECT 1 FROM pg_roles WHERE rolname = 'donara'" | grep -q 1 || {
    postgresql_query "CREATE ROLE donara LOGIN CREATEDB PASSWORD '$password'"
    postgresql_query "CREATE DATABASE donara OWNER donara"
  }
}

postgresql_query() {
  as postgres "$(postgresql_bin)/psql" -h "$dir/postgresql" -p "${pg_port:-$(postgresql_port)}" -U postgres -d postgres -tAqc "$1"
}

postgresql_port() { sed -n 4p "$dir/postgresql/data/postmaster.pid"; }

postgresql_answers() { [ "$(postgresql_query 'SELECT 1')" = 1 ]; }

postgresql_environment() {
  printf 'export DATABASE_URL=postgresql://donara:%s@127.0.0.1:%s/donara\n' "$password" "$pg_port"
}

postgresql_stop() { as postgres "$(postgresql_bin)/pg_ctl" -D "$dir/postgresql/data" -m fast -w stop; }
