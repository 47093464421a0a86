# Redis for scripts/services: memory only, behind a password. Sourced, not run.

redis_start() {
  own_folder redis "$dir/redis"
  # In a file and not in the arguments, which every user of the machine can read.
  (umask 077; cat >"$dir/redis/redis.conf" <<EOF
bind 127.0.0.1
port $redis_port
requirepass $password
dir $dir/redis
pidfile $dir/redis/pid
logfile $dir/redis/log
daemonize yes
save ""
appendonly no
databases 64
EOF
  )
  own_folder redis "$dir/redis"
  as redis redis-server "$dir/redis/redis.conf"
  wait_for 10 Redis redis_answers
}

redis_answers() {
  local port
  port=$(sed -n 's/^port //p' "$dir/redis/redis.conf")
  [ "$(REDISCLI_AUTH=$(cat "$dir/password") redis-cli -h 127.0.0.1 -p "$port" ping)" = PONG ]
}

redis_environment() { printf 'export DONARA_BROKER_URL=redis://default:%s@127.0.0.1:%s/0\n' "$password" "$redis_port"; }

redis_stop() { end_process "$dir/redis/pid"; }
