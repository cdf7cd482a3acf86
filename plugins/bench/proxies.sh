#!/usr/bin/env bash
# Proxies that add a token, side by side: requests a second and latency, in one run on one machine,
# before one upstream (nginx with TLS and a file of JSON). Each contender is a file in contenders/ with
# two functions: `start PORT UPSTREAM_PORT FOLDER TOKEN` sets PID, or skips with status 75.
#
#   plugins/bench/proxies.sh [CONTENDER…]      # all, where none are named
#   SECONDS_EACH=10 ROUNDS=3 CONNECTIONS=64    # what one measurement is
#   BYTES=2048 FIRST_PORT=18443                # the size of an answer; ports from this one on
#
# Needs nginx, wrk and openssl, and target/release/eks-token.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export EKS_TOKEN="${EKS_TOKEN:-$root/target/release/eks-token}"
seconds=${SECONDS_EACH:-8} rounds=${ROUNDS:-3} connections=${CONNECTIONS:-64}
bytes=${BYTES:-2048} upstream_port=${FIRST_PORT:-18443}
first_port=$((upstream_port + 1))
export AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
export AWS_REGION=eu-central-1 AWS_EC2_METADATA_DISABLED=true

for program in nginx wrk openssl; do
	command -v "$program" >/dev/null || PATH="$PATH:/usr/sbin"
	command -v "$program" >/dev/null || { echo "$program is missing" >&2; exit 1; }
done
folder=$(mktemp -d)
# The workers of an nginx that root has started are nobody's, and read a file here.
chmod 711 "$folder"
pids=()
finish() {
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
	wait
	rm -rf "$folder"
}
trap finish EXIT

certificates() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority \
		-keyout "$folder/ca.key" -out "$folder/ca.pem" 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 \
		-keyout "$folder/key.pem" -out "$folder/request.pem" 2>/dev/null
	openssl x509 -req -in "$folder/request.pem" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -days 2 \
		-set_serial 1 -extfile <(echo "subjectAltName=IP:127.0.0.1") -out "$folder/certificate.pem" 2>/dev/null
}

upstream() {
	mkdir -p "$folder/upstream/api/v1"
	{
		printf '{"kind":"PodList","x":"'
		head -c "$((bytes - 25))" /dev/zero | tr '\0' x
		printf '"}'
	} >"$folder/upstream/api/v1/pods"
	cat >"$folder/upstream/nginx.conf" <<-CONF
		daemon off; worker_processes 1; pid $folder/upstream/pid; error_log stderr crit;
		events { worker_connections 4096; }
		http {
			access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; open_file_cache max=10;
			client_body_temp_path $folder/upstream/b; proxy_temp_path $folder/upstream/p;
			fastcgi_temp_path $folder/upstream/f; uwsgi_temp_path $folder/upstream/u; scgi_temp_path $folder/upstream/s;
			large_client_header_buffers 8 16k;
			server {
				listen 127.0.0.1:$upstream_port ssl;
				ssl_certificate $folder/certificate.pem; ssl_certificate_key $folder/key.pem;
				location / {
					if (\$http_authorization !~ "^Bearer k8s-aws-v1") { return 401; }
					default_type application/json; root $folder/upstream;
				}
			}
		}
	CONF
	nginx -c "$folder/upstream/nginx.conf" -p "$folder/upstream" &
	pids+=($!)
}

answers() {
	for _ in $(seq 100); do
		[ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/api/v1/pods")" = 200 ] && return 0
		sleep 0.1
	done
	echo "nothing answers at port $1" >&2
	return 1
}

# Prints: requests a second, median and 99th percentile in µs, failures.
measure() {
	wrk -t2 -c"$2" -d"${3}s" --latency "http://127.0.0.1:$1/api/v1/pods" >"$folder/wrk"
	awk '
		function micro(t) { return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? (t + 0) * 1000 : (t + 0) * 1000000 }
		/Requests\/sec/ { rate = $2 } $1 == "50%" { half = micro($2) } $1 == "99%" { most = micro($2) }
		/Non-2xx|Socket errors/ { failures = $0 }
		END { printf "%.0f %.0f %.0f %s\n", rate, half, most, failures == "" ? "0" : failures }
	' "$folder/wrk"
}

certificates
upstream
token=$("$EKS_TOKEN" get-token --cluster-name bench --token-only)
names=("$@")
[ ${#names[@]} -gt 0 ] || names=($(cd "$here/contenders" && ls ./*.sh | sed 's,^\./,,; s,\.sh$,,'))
port=$first_port
declare -A ports
for name in "${names[@]}"; do
	mkdir -p "$folder/$name"
	# shellcheck disable=SC1090
	source "$here/contenders/$name.sh"
	status=0
	start "$port" "$upstream_port" "$folder" "$token" || status=$?
	if [ "$status" = 75 ]; then echo "$name: not here, skipped" >&2; continue; fi
	[ "$status" = 0 ] || exit "$status"
	pids+=("$PID")
	answers "$port"
	ports[$name]=$port
	port=$((port + 1))
done

# In turns, so that a busy moment of the machine meets all of them.
for round in $(seq "$rounds"); do
	for name in "${!ports[@]}"; do
		read -r rate half most failures <<<"$(measure "${ports[$name]}" "$connections" "$seconds")"
		read -r _ alone _ _ <<<"$(measure "${ports[$name]}" 2 2)"
		echo "$name $rate $half $most $alone $failures" >>"$folder/results"
		echo "round $round: $name $rate/s" >&2
	done
done
awk -v connections="$connections" '
	{ count[$1]++; rate[$1, count[$1]] = $2; half[$1] += $3; most[$1] += $4; alone[$1] += $5; if ($6 != "0") failed[$1] = 1 }
	function median(name,    n, i, j, t, list) {
		n = count[name]; for (i = 1; i <= n; i++) list[i] = rate[name, i]
		for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
		return list[int((n + 1) / 2)]
	}
	END {
		base = median("nginx")
		printf "%-14s %10s %8s %10s %10s %14s  %s\n", "proxy", "requests/s", "÷ nginx", "p50 µs", "p99 µs", "p50 µs, 2 conn", "failures"
		for (name in count) printf "%-14s %10.0f %8s %10.0f %10.0f %14.0f  %s\n", name, median(name), base ? sprintf("%.2f", median(name) / base) : "-", half[name] / count[name], most[name] / count[name], alone[name] / count[name], name in failed ? "SOME" : "0"
	}' "$folder/results"
