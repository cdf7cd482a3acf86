# Envoy with the plugin.
start() {
	# shellcheck disable=SC1091
	source "$here/contenders/envoy.sh"
	local module=$root/target/plugins/eks_token_proxy_wasm.wasm
	[ -f "$module" ] || return 75
	envoy_with "$1" "$2" "$3" "$3/envoy-plugin" "- name: eks-token
            typed_config:
              '@type': type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
              config:
                vm_config:
                  vm_id: bench
                  runtime: envoy.wasm.runtime.v8
                  code: {local: {filename: $module}}
                configuration:
                  '@type': type.googleapis.com/google.protobuf.StringValue
                  value: |
                    {\"callers\": {\"authenticated_by\": \"nobody\"},
                     \"credentials\": {\"from\": \"static-in-configuration\",
                       \"access_key_id\": \"$AWS_ACCESS_KEY_ID\",
                       \"secret_access_key\": \"$AWS_SECRET_ACCESS_KEY\"},
                     \"clusters\": [{\"name\": \"bench\", \"region\": \"eu-central-1\"}]}" ""
}
