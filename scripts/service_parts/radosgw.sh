# A real S3 server for scripts/services: Ceph on one machine (one monitor, one disk, radosgw). Sourced, not run.
#
# What it does that S3 does not, so that callers probe instead of trusting: If-None-Match on completing a multipart
# upload is ignored and overwrites; server-side AES256 is ignored; x-amz-checksum-sha256 is neither stored nor verified;
# a correct If-Match gets 412; over TLS boto3's default chunked checksums fail with 411, so request_checksum_calculation
# and response_checksum_validation must be "when_required". A plain put with If-None-Match: * holds.

radosgw_configuration() {
  cat <<EOF
[global]
fsid = $(cat "$1/fsid")
mon_host = v2:127.0.0.1:$mon_port,v1:127.0.0.1:$mon_port_v1
mon_initial_members = a
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
public_network = 127.0.0.0/8
cluster_network = 127.0.0.0/8
ms_bind_ipv6 = false
run_dir = $1/run
admin_socket = $1/run/\$name.asok
pid_file = $1/run/\$name.pid
log_file = $1/log/\$name.log
crash_dir = $1/log
keyring = $1/keyring
# One disk, one copy: Ceph would otherwise wait for two more.
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
[mon.a]
host = localhost
mon_data = $1/mon
# The monitor stops itself where a disk is 95 % full; a developer's machine often is.
mon_data_avail_crit = 1
mon_data_avail_warn = 2
[osd]
osd_data = $1/osd
osd_objectstore = bluestore
# A sparse file, large enough for the benchmark of uploads, and caches small enough for a laptop.
bluestore_block_size = 51539607552
bluestore_cache_autotune = false
bluestore_cache_size = 134217728
osd_memory_target = 939524096
[client.rgw.a]
# Without it every answer with a body waits 40 ms for the acknowledgement of its head (Nagle).
rgw_frontends = beast endpoint=127.0.0.1:$s3_port tcp_nodelay=1
rgw_dns_name = localhost
rgw_enable_ops_log = false
# Keys that a client lends (SSE-C) are taken on loopback without TLS.
rgw_crypt_require_ssl = false
EOF
}

# Keys for each part, and the monitor's first map. Run once.
radosgw_found() {
  local ceph=$1
  as ceph monmaptool --create --clobber --addv a "[v2:127.0.0.1:$mon_port,v1:127.0.0.1:$mon_port_v1]" \
    --fsid "$(cat "$ceph/fsid")" "$ceph/monmap"
  as ceph ceph-authtool --create-keyring "$ceph/keyring" --gen-key -n mon. --cap mon 'allow *'
  as ceph ceph-authtool "$ceph/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  as ceph ceph-authtool "$ceph/keyring" --gen-key -n client.rgw.a --cap mon 'allow rw' --cap osd 'allow rwx' --cap mgr 'allow r'
  as ceph ceph-authtool "$ceph/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd'
  as ceph ceph-mon -c "$ceph/ceph.conf" --mkfs -i a --monmap "$ceph/monmap" --keyring "$ceph/keyring"
}

# A cluster without a reachable monitor makes the ceph command wait for ever, so each call has a limit.
radosgw_ceph() { as ceph timeout 10 ceph -c "$dir/ceph/ceph.conf" "$@"; }

radosgw_disk_up() { radosgw_ceph osd stat | grep -q "1 up"; }

radosgw_start() {
  local ceph=$dir/ceph disk role
  own_folder ceph "$ceph"
  as ceph mkdir -p "$ceph/run" "$ceph/log" "$ceph/mon" "$ceph/osd"
  [ -s "$ceph/fsid" ] || uuidgen >"$ceph/fsid"
  radosgw_configuration "$ceph" >"$ceph/ceph.conf"
  [ "$(id -u)" -ne 0 ] || chown ceph:ceph "$ceph/fsid" "$ceph/ceph.conf"
  # The disk and the gateway hold hundreds of files and connections open.
  ulimit -n "$(ulimit -Hn)"
  [ -e "$ceph/mon/store.db" ] || radosgw_found "$ceph"
  as ceph ceph-mon -c "$ceph/ceph.conf" -i a
  wait_for 30 "Ceph's monitor" radosgw_ceph -s
  if [ ! -e "$ceph/osd/ready" ]; then
    disk=$(uuidgen)
    radosgw_ceph auth import -i "$ceph/keyring"
    radosgw_ceph osd new "$disk" 0
    as ceph ceph-osd -c "$ceph/ceph.conf" -i 0 --mkfs --osd-uuid "$disk"
  fi
  as ceph ceph-osd -c "$ceph/ceph.conf" -i 0
  wait_for 30 "Ceph's disk" radosgw_disk_up
  as ceph radosgw -c "$ceph/ceph.conf" -n client.rgw.a
  wait_for 90 radosgw radosgw_answers
  radosgw_admin user info --uid=donara || radosgw_admin user create \
    --uid=donara --display-name=donara --access-key=donara --secret-key="$password"
  # Users for the roles of the registry's processes: they own nothing, and may what manage.py store_policy allows them.
  for role in web worker cleaner runner; do
    radosgw_admin user info --uid="donara-$role" || radosgw_admin user create --uid="donara-$role" \
      --display-name="donara-$role" --access-key="donara-$role" --secret-key="$password" --max-buckets=-1
  done
}

radosgw_admin() { as ceph timeout 60 radosgw-admin -c "$dir/ceph/ceph.conf" "$@"; }

radosgw_answers() {
  local port
  port=$(sed -n 's/.*endpoint=127.0.0.1:\([0-9]*\).*/\1/p' "$dir/ceph/ceph.conf")
  curl --silent --fail --noproxy '*' --output /dev/null "http://127.0.0.1:$port/"
}

radosgw_environment() {
  cat <<EOF
export DONARA_STORE=s3:
export DONARA_S3_ENDPOINT=http://127.0.0.1:$s3_port
export DONARA_S3_REGION=us-east-1
export DONARA_S3_ACCESS_KEY=donara
export DONARA_S3_SECRET_KEY=$password
export DONARA_S3_BUCKET_PREFIX=donara
export DONARA_TEST_S3_WEB_USER=arn:aws:iam:::user/donara-web
export DONARA_TEST_S3_WORKER_USER=arn:aws:iam:::user/donara-worker
export DONARA_TEST_S3_CLEANER_USER=arn:aws:iam:::user/donara-cleaner
export DONARA_TEST_S3_RUNNER_USER=arn:aws:iam:::user/donara-runner
EOF
}

# The gateway first, the monitor last: each waits for the one below it when it ends.
radosgw_stop() {
  local part
  for part in client.rgw.a osd.0 mon.a; do end_process "$dir/ceph/run/$part.pid"; done
}
