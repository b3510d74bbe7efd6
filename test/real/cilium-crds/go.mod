module tenclave.test/cilium-crds

go 1.26.3

require (
	github.com/cilium/cilium v1.20.2
	sigs.k8s.io/yaml v1.6.0
)

require go.yaml.in/yaml/v2 v2.4.4 // indirect
