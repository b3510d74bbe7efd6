// The judge, judged: every verdict it can give, on the real charts of the pinned modules.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/loft-sh/vcluster/config"
)

func TestMain(m *testing.M) {
	if os.Getenv("CHART_JUDGE_AS_PROGRAM") != "" { // for TestExitCodes
		main()
		os.Exit(0)
	}
	lines, err := exec.Command("./charts.sh").Output()
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(lines)) {
		name, dir, _ := strings.Cut(strings.TrimSpace(line), "=")
		os.Setenv(name, dir)
	}
	os.Exit(m.Run())
}

// object is the part of a Kubernetes object that the tests look at.
type object struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
	Data     map[string]string
	Spec     struct {
		Template struct {
			Spec struct {
				InitContainers, Containers []struct{ Image string }
			}
		}
	}
}

type document struct {
	Results []struct {
		ID             string
		Errors         []string
		Licence        bool
		LicensedKeys   []string
		IdentityLabels []string
		Claims         []Claim
		Objects        []object
	}
	MTU map[string]int
}

// ask runs the whole program in memory, from JSON text to JSON text.
func ask(t *testing.T, cases ...map[string]any) document {
	t.Helper()
	in, err := json.Marshal(map[string]any{"cases": cases})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var answer document
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// aCase builds one case from values written as JSON.
func aCase(chart, values string) map[string]any {
	return map[string]any{
		"id": "it", "chart": chart, "release": "acme", "namespace": "tenant-acme",
		"kubeVersion": "1.34.2", "values": json.RawMessage(values),
	}
}

func with(c map[string]any, key string, value any) map[string]any {
	c[key] = value
	return c
}

func names(objects []object) []string {
	found := []string{}
	for _, o := range objects {
		found = append(found, o.Kind+"/"+o.Metadata.Name)
	}
	return found
}

func find(t *testing.T, objects []object, name string) object {
	t.Helper()
	at := slices.Index(names(objects), name)
	if at < 0 {
		t.Fatalf("no %s in %v", name, names(objects))
	}
	return objects[at]
}

const syncedNamespaces = `{"sync":{"toHost":{"namespaces":{"enabled":true,"mappings":{"byName":{"team":"acme-team"}}}}}}`

func TestVerdicts(t *testing.T) {
	cases := map[string]struct {
		ask      map[string]any
		errors   []string // one substring per expected error, in order
		licensed []string // nil: no licence needed
		renders  bool
	}{
		"vcluster, no values":   {ask: aCase("vcluster", `{}`), renders: true},
		"vcluster, null values": {ask: aCase("vcluster", `null`), renders: true},
		"vcluster, few values":  {ask: aCase("vcluster", `{"sync":{"toHost":{"ingresses":{"enabled":true}}}}`), renders: true},
		"vcluster, unknown key": {
			ask:    aCase("vcluster", `{"controlPlane":{"distroo":{}}}`),
			errors: []string{`unknown field "distroo"`, "additional properties 'distroo' not allowed"},
		},
		"vcluster, wrong type": {
			ask:    aCase("vcluster", `{"sync":{"toHost":{"pods":{"enabled":"yes"}}}}`),
			errors: []string{"cannot unmarshal string", "got string, want boolean"},
		},
		"vcluster, values that are no table": {
			ask:    aCase("vcluster", `[]`),
			errors: []string{"cannot unmarshal array", "cannot unmarshal array"},
		},
		"vcluster, synced namespaces": {
			ask: aCase("vcluster", syncedNamespaces), licensed: []string{"sync.toHost.namespaces.enabled"}, renders: true,
		},
		"vcluster, synced namespaces without mappings": {
			ask:      aCase("vcluster", `{"sync":{"toHost":{"namespaces":{"enabled":true}}}}`),
			errors:   []string{"mappings.byName are empty"},
			licensed: []string{"sync.toHost.namespaces.enabled"}, renders: true,
		},
		"vcluster, several licensed values, one of them an empty table": {
			ask:      aCase("vcluster", `{"sleep":{},"controlPlane":{"coredns":{"embedded":true},"service":{"enabled":true}}}`),
			licensed: []string{"controlPlane.coredns.embedded", "sleep"}, renders: true,
		},
		"vcluster, licensed value switched off": {
			ask: aCase("vcluster", `{"sync":{"toHost":{"namespaces":{"enabled":false}}}}`), renders: true,
		},
		"vcluster, two backing stores": {
			ask:    aCase("vcluster", `{"controlPlane":{"backingStore":{"database":{"embedded":{"enabled":true}},"etcd":{"deploy":{"enabled":true}}}}}`),
			errors: []string{"you can only enable one backingStore at the same time"},
		},
		"vcluster, replicas on the embedded database": {
			ask:     aCase("vcluster", `{"controlPlane":{"statefulSet":{"highAvailability":{"replicas":3}}}}`),
			errors:  []string{"embedded database is not supported with multiple replicas"},
			renders: true,
		},
		"vcluster, unknown pod security standard": {
			ask:     aCase("vcluster", `{"policies":{"podSecurityStandard":"strict"}}`),
			errors:  []string{"must be one of: privileged, baseline, restricted"},
			renders: true,
		},
		"vcluster, removed key that still parses": {
			ask:    aCase("vcluster", `{"sync":{"toHost":{"volumeSnapshots":{"enabled":true}}}}`),
			errors: []string{"volumeSnapshots was removed in 0.36.0"},
		},
		"vcluster, release name too long": {
			ask:    with(aCase("vcluster", `{}`), "release", strings.Repeat("a", 54)),
			errors: []string{"release name"},
		},
		"cilium, WireGuard": {
			ask:     aCase("cilium", `{"encryption":{"enabled":true,"type":"wireguard","nodeEncryption":true}}`),
			renders: true,
		},
		"cilium, ENI mode without ENI": {
			ask:    aCase("cilium", `{"ipam":{"mode":"eni"}}`),
			errors: []string{"ipam.mode=eni requires eni.enabled=true"},
		},
		"cilium, wrong type": {
			ask:    aCase("cilium", `{"encryption":{"enabled":"yes"}}`),
			errors: []string{"/encryption/enabled"},
		},
		"cilium, label pattern that is no expression": {
			ask:     aCase("cilium", `{"labels":"k8s:(app"}`),
			errors:  []string{"unable to compile regexp"},
			renders: true,
		},
		"cilium, Kubernetes too old": {
			ask:    with(aCase("cilium", `{}`), "kubeVersion", "1.20.0"),
			errors: []string{"chart requires Kubernetes >= 1.21.0-0, not v1.20.0"},
		},
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			got := ask(t, want.ask).Results[0]
			if len(got.Errors) != len(want.errors) {
				t.Fatalf("errors %q, want %q", got.Errors, want.errors)
			}
			for i, part := range want.errors {
				if !strings.Contains(got.Errors[i], part) {
					t.Errorf("error %q lacks %q", got.Errors[i], part)
				}
			}
			if got.Licence != (want.licensed != nil) || !slices.Equal(got.LicensedKeys, want.licensed) {
				t.Errorf("licence %v for %q, want %q", got.Licence, got.LicensedKeys, want.licensed)
			}
			if (len(got.Objects) > 0) != want.renders {
				t.Errorf("objects %v", names(got.Objects))
			}
		})
	}
}

func TestVclusterObjects(t *testing.T) {
	objects := ask(t, aCase("vcluster", `{"sync":{"toHost":{"pods":{"priorityClassName":"low"}}}}`)).Results[0].Objects
	want := []string{
		"ServiceAccount/vc-acme", "ServiceAccount/vc-workload-acme", "Secret/vc-config-acme", "Role/vc-acme",
		"RoleBinding/vc-acme", "Service/acme-headless", "Service/acme", "StatefulSet/acme",
	}
	if got := names(objects); !slices.Equal(got, want) {
		t.Errorf("objects %q, want %q", got, want)
	}
	for _, o := range objects {
		if o.Metadata.Namespace != "tenant-acme" {
			t.Errorf("%s/%s lies in %q", o.Kind, o.Metadata.Name, o.Metadata.Namespace)
		}
	}

	version, err := pinned("github.com/loft-sh/vcluster")
	if err != nil {
		t.Fatal(err)
	}
	image := find(t, objects, "StatefulSet/acme").Spec.Template.Spec.Containers[0].Image
	if !strings.HasSuffix(image, ":"+version) {
		t.Errorf("image %q is not of version %s", image, version)
	}

	// The secret is what vCluster reads at its start: it must parse, and carry the value.
	raw, err := base64.StdEncoding.DecodeString(find(t, objects, "Secret/vc-config-acme").Data["config.yaml"])
	if err != nil {
		t.Fatal(err)
	}
	var full config.Config
	if err := full.UnmarshalYAMLStrict(raw); err != nil {
		t.Fatal(err)
	}
	if got := full.Sync.ToHost.Pods.PriorityClassName; got != "low" {
		t.Errorf("priority class %q", got)
	}
}

// The capabilities of the case reach the templates: one rule of the role depends on the version.
func TestKubeVersionReachesTemplates(t *testing.T) {
	older := aCase("vcluster", `{}`)
	newer := with(aCase("vcluster", `{}`), "kubeVersion", "1.35.0")
	in, err := json.Marshal(map[string]any{"cases": []any{older, newer}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var answer output
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	role := func(r Result) string { return string(r.Objects[3]) }
	if role(answer.Results[0]) == role(answer.Results[1]) {
		t.Error("the role is the same on 1.34 and 1.35")
	}
}

func TestLicenceCheckCannotBeSwitchedOff(t *testing.T) {
	t.Setenv("SKIP_VALIDATE_PRO_FEATURES", "true")
	if !ask(t, aCase("vcluster", syncedNamespaces)).Results[0].Licence {
		t.Error("no licence needed")
	}
}

func TestClaims(t *testing.T) {
	toHost := func(more string) string {
		return `{"sync":{"toHost":{"storageClasses":{"enabled":false}` + more + `},"fromHost":{"storageClasses":{"enabled":false}}}}`
	}
	const arrives = "data-x-default-x-acme=tenclave-encrypted plain-x-default-x-acme=<none> never-x-default-x-acme="
	cases := map[string]struct{ values, want, refused string }{
		"classes not synced":              {values: toHost(``), want: arrives},
		"classes not synced, but volumes": {values: toHost(`,"persistentVolumes":{"enabled":true}`), want: arrives},
		"tenant's own classes": {
			values: `{"sync":{"toHost":{"storageClasses":{"enabled":true}}}}`,
			want:   strings.Replace(arrives, "tenclave-encrypted", "vcluster-tenclave-encrypted-x-tenant-acme-x-acme", 1),
		},
		"host's classes by a label that the class lacks": {
			values: `{"sync":{"fromHost":{"storageClasses":{"enabled":true,"selector":{"matchLabels":{"a":"b"}}}}}}`,
			want:   strings.TrimPrefix(arrives, "data-x-default-x-acme=tenclave-encrypted "),
		},
		"claims not synced": {values: toHost(`,"persistentVolumeClaims":{"enabled":false}`)},
		"synced namespaces": {values: syncedNamespaces, refused: "namespaces"},
		"refused at start":  {values: `{"policies":{"podSecurityStandard":"strict"}}`, refused: "must be one of"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			asked := json.RawMessage(`[{"name":"data","namespace":"default","storageClassName":"tenclave-encrypted"},
				{"name":"plain","namespace":"default"},{"name":"never","namespace":"default","storageClassName":""}]`)
			result := ask(t, with(aCase("vcluster", c.values), "claims", asked)).Results[0]
			if got := strings.Join(result.Errors, ""); !strings.Contains(got, c.refused) || (got == "") != (c.refused == "") {
				t.Errorf("errors %q, want %q", got, c.refused)
			}
			got := []string{}
			for _, claim := range result.Claims {
				class := "<none>"
				if claim.StorageClassName != nil {
					class = *claim.StorageClassName
				}
				got = append(got, claim.Name+"="+class)
				if claim.Namespace != "tenant-acme" {
					t.Errorf("%s lies in %q", claim.Name, claim.Namespace)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("claims %q, want %q", got, c.want)
			}
		})
	}
}

func TestCiliumObjects(t *testing.T) {
	values := `{"encryption":{"enabled":true,"type":"wireguard","nodeEncryption":true},"labels":"k8s:app"}`
	data := find(t, ask(t, aCase("cilium", values)).Results[0].Objects, "ConfigMap/cilium-config").Data
	for key, want := range map[string]string{"enable-wireguard": "true", "encrypt-node": "true", "labels": "k8s:app"} {
		if data[key] != want {
			t.Errorf("%s is %q, want %q", key, data[key], want)
		}
	}
}

func TestIdentityLabels(t *testing.T) {
	pod := map[string]string{
		"k8s:io.kubernetes.pod.namespace": "x",
		"k8s:app":                         "web",
		"k8s:tenant":                      "acme",
		"k8s:pod-template-hash":           "5d4f",
	}
	namespace := "k8s:io.kubernetes.pod.namespace=x"
	patterns := []struct {
		values string
		want   []string
	}{
		{`{}`, []string{"k8s:app=web", namespace, "k8s:tenant=acme"}},
		{`{"labels":"k8s:tenant"}`, []string{namespace, "k8s:tenant=acme"}},
		{`{"labels":"k8s:!app"}`, []string{namespace, "k8s:tenant=acme"}},
		{`{"labels":"k8s:tenant  k8s:app"}`, []string{"k8s:app=web", namespace, "k8s:tenant=acme"}},
		{`{}`, []string{"k8s:app=web", namespace, "k8s:tenant=acme"}}, // nothing stays from the case before
	}
	cases := []map[string]any{}
	for _, p := range patterns {
		cases = append(cases, with(aCase("cilium", p.values), "podLabels", pod))
	}
	for i, got := range ask(t, cases...).Results {
		if !slices.Equal(got.IdentityLabels, patterns[i].want) {
			t.Errorf("%s keeps %q, want %q", patterns[i].values, got.IdentityLabels, patterns[i].want)
		}
	}
}

func TestMTU(t *testing.T) {
	if got := ask(t).MTU; got["wireguard"] != 95 || got["tunnel"] != 50 || len(got) != 2 {
		t.Errorf("overheads %v", got)
	}
	t.Setenv("CILIUM_CHART", t.TempDir()) // a chart on its own has no source beside it
	if got := ask(t).MTU; got != nil {
		t.Errorf("overheads %v of no source", got)
	}
}

// localChart writes a chart that renders the objects in its values, and one CRD, hook and note.
func localChart(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Chart.yaml":             "apiVersion: v2\nname: manifests\nversion: 1.0.0\n",
		"crds/crd.yaml":          "kind: CustomResourceDefinition\nmetadata: {name: things}\n",
		"templates/NOTES.txt":    "Thank you.\n",
		"templates/_part.tpl":    "{{ define \"part\" }}{{ end }}\n",
		"templates/comment.yaml": "# nothing\n---\n# but comments\n",
		"templates/hook.yaml":    "kind: Job\nmetadata: {name: after, annotations: {helm.sh/hook: post-install}}\n",
		"templates/objects.yaml": "{{- range .Values.objects }}\n---\n{{ toYaml . }}\n{{- end }}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLocalChart(t *testing.T) {
	values := `{"objects":[
		{"kind":"ConfigMap","metadata":{"name":"a"},"data":{"big":"12345678901","html":"<a>&"}},
		{"kind":"Namespace","metadata":{"name":"b"}}]}`
	got := ask(t, with(aCase("manifests", values), "chartPath", localChart(t))).Results[0]
	if len(got.Errors) > 0 {
		t.Fatal(got.Errors)
	}
	want := []string{"CustomResourceDefinition/things", "Namespace/b", "ConfigMap/a", "Job/after"}
	if !slices.Equal(names(got.Objects), want) {
		t.Errorf("objects %q, want %q", names(got.Objects), want)
	}
	if data := got.Objects[2].Data; data["big"] != "12345678901" || data["html"] != "<a>&" {
		t.Errorf("data %q", data)
	}
}

func TestExitCodes(t *testing.T) {
	cases := map[string]struct {
		in     string
		code   int
		stderr string
	}{
		"nothing to judge": {`{"cases":[]}`, 0, ""},
		"refused values":   {`{"cases":[{"chart":"cilium","release":"a","kubeVersion":"1.34.2","values":{"ipam":{"mode":"eni"}}}]}`, 0, ""},
		"no JSON":          {`cases`, 2, "reading the cases"},
		"misspelt field":   {`{"cases":[{"chart":"cilium","value":{}}]}`, 2, `unknown field "value"`},
		"unknown chart":    {`{"cases":[{"chart":"istio"}]}`, 2, `no chart "istio"`},
		"no chart path":    {`{"cases":[{"chart":"manifests"}]}`, 2, "needs a chartPath"},
		"no version":       {`{"cases":[{"chart":"cilium"}]}`, 2, "kubeVersion"},
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			program := exec.Command(os.Args[0])
			program.Env = append(os.Environ(), "CHART_JUDGE_AS_PROGRAM=1")
			program.Stdin = strings.NewReader(want.in)
			var stdout, stderr bytes.Buffer
			program.Stdout, program.Stderr = &stdout, &stderr
			err := program.Run()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := program.ProcessState.ExitCode(); code != want.code {
				t.Errorf("exit code %d, want %d: %s", code, want.code, stderr.String())
			}
			if !strings.Contains(stderr.String(), want.stderr) || strings.Count(stderr.String(), "\n") != want.code/2 {
				t.Errorf("stderr %q, want one line with %q", stderr.String(), want.stderr)
			}
			if (stdout.Len() == 0) != (want.code != 0) {
				t.Errorf("stdout %q", stdout.String())
			}
		})
	}
}

func TestChartsMustBeNamed(t *testing.T) {
	t.Setenv("VCLUSTER_CHART", "")
	in := `{"cases":[{"chart":"vcluster","release":"a","kubeVersion":"1.34.2"}]}`
	if err := run(strings.NewReader(in), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "VCLUSTER_CHART is not set") {
		t.Errorf("error %v", err)
	}
}
