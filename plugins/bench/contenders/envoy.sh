# Envoy without the plugin, and with the same fixed header as nginx: what the plugin is measured by.
start() {
	envoy_with "$1" "$2" "$3" "$3/envoy" "" "request_headers_to_add:
              - {header: {key: authorization, value: 'Bearer $4'}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}"
}

# Envoy with filters in front of the router and an addition to the routes. Status 75 where there is none.
envoy_with() {
	local port=$1 upstream=$2 folder=$3 own=$4 filters=$5 routes=$6
	local envoy=$root/target/plugins/proxies/bin/envoy
	[ -x "$envoy" ] || return 75
	cat >"$own/envoy.yaml" <<-CONF
		static_resources:
		  listeners:
		  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
		    filter_chains:
		    - filters:
		      - name: envoy.filters.network.http_connection_manager
		        typed_config:
		          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
		          stat_prefix: bench
		          generate_request_id: false
		          route_config:
		            $routes
		            virtual_hosts:
		            - {name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: eks}}]}
		          http_filters:
		          $filters
		          - name: envoy.filters.http.router
		            typed_config:
		              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
		  clusters:
		  - name: eks
		    load_assignment:
		      cluster_name: eks
		      endpoints:
		      - lb_endpoints:
		        - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $upstream}}}
		    transport_socket:
		      name: tls
		      typed_config:
		        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
		        common_tls_context: {validation_context: {trusted_ca: {filename: $folder/ca.pem}}}
	CONF
	"$envoy" --config-path "$own/envoy.yaml" --concurrency "$(nproc)" --disable-hot-restart \
		--log-level error 2>"$own/log" &
	PID=$!
}
