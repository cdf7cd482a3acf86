# nginx with a fixed header: what everything else is measured by.
start() {
	local port=$1 upstream=$2 folder=$3 token=$4 own="$3/nginx"
	cat >"$own/nginx.conf" <<-CONF
		daemon off; worker_processes auto; pid $own/pid; error_log stderr crit;
		events { worker_connections 4096; }
		http {
			access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
			client_body_temp_path $own/b; proxy_temp_path $own/p;
			fastcgi_temp_path $own/f; uwsgi_temp_path $own/u; scgi_temp_path $own/s;
			upstream cluster { server 127.0.0.1:$upstream; keepalive 256; keepalive_requests 1000000000; }
			server {
				listen 127.0.0.1:$port;
				location / {
					proxy_pass https://cluster; proxy_http_version 1.1;
					proxy_set_header Connection ""; proxy_set_header Host 127.0.0.1:$upstream;
					proxy_set_header Authorization "Bearer $token";
					proxy_ssl_trusted_certificate $folder/ca.pem; proxy_ssl_verify on;
					proxy_ssl_name 127.0.0.1; proxy_ssl_session_reuse on;
				}
			}
		}
	CONF
	nginx -c "$own/nginx.conf" -p "$own" &
	PID=$!
}
