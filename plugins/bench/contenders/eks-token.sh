# eks-token proxy.
start() {
	"$EKS_TOKEN" proxy --cluster-name bench --listen "127.0.0.1:$1" \
		--server "https://127.0.0.1:$2" --certificate-authority "$3/ca.pem" 2>"$3/eks-token/log" &
	PID=$!
}
