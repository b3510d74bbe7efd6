// Reads Trustee's and Envoy's configuration files on standard input and prints what is wrong with each.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	bootstrap "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/access_loggers/stream/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
)

type file struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Text string `json:"text"`
}

type verdict struct {
	ID    string `json:"id"`
	Error string `json:"error,omitempty"`
}

func main() {
	var files []file
	if err := json.NewDecoder(os.Stdin).Decode(&files); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := make([]verdict, 0, len(files))
	for _, one := range files {
		text := ""
		if err := judge(one); err != nil {
			text = err.Error()
		}
		verdicts = append(verdicts, verdict{one.ID, text})
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		os.Exit(1)
	}
}

func judge(one file) error {
	switch one.Kind {
	case "kbs":
		return kbs(one.Text)
	case "as":
		return strict(one.Text, &asConfig{})
	case "rvps":
		return strict(one.Text, &rvpsConfig{})
	case "value":
		return value(one.Text)
	case "envoy":
		return envoy(one.Text)
	}
	return fmt.Errorf("unknown kind %q", one.Kind)
}

func kbs(text string) error {
	config := kbsConfig{}
	meta, err := toml.Decode(text, &config)
	if err != nil {
		return err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		names := make([]string, len(unknown))
		for i, key := range unknown {
			names[i] = key.String()
		}
		return fmt.Errorf("unknown keys %s", strings.Join(names, ", "))
	}
	// Without a default in kbs/src/config.rs.
	if config.HTTPServer == nil || config.Admin == nil {
		return fmt.Errorf("http_server and admin must be there")
	}
	return nil
}

func strict(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// The day is parsed as rvps/src/reference_value.rs does.
func value(text string) error {
	stored := referenceValue{}
	if err := strict(text, &stored); err != nil {
		return err
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z", stored.Expiration); err != nil {
		return err
	}
	return nil
}

// Envoy's own messages, which refuse unknown fields, and the rules that come with them.
func envoy(text string) error {
	config := &bootstrap.Bootstrap{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: false}).Unmarshal([]byte(text), config); err != nil {
		return err
	}
	return validated(config)
}

// Rules do not look into fields that take any message: these are opened one by one.
func validated(message proto.Message) error {
	if checked, ok := message.(interface{ ValidateAll() error }); ok {
		if err := checked.ValidateAll(); err != nil {
			return err
		}
	}
	var failed error
	visit(message.ProtoReflect(), func(any *anypb.Any) {
		inner, err := any.UnmarshalNew()
		if err == nil {
			err = validated(inner)
		}
		if err != nil && failed == nil {
			failed = err
		}
	})
	return failed
}

func visit(message protoreflect.Message, found func(*anypb.Any)) {
	if one, ok := message.Interface().(*anypb.Any); ok {
		found(one)
		return
	}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap():
			if field.MapValue().Message() != nil {
				value.Map().Range(func(_ protoreflect.MapKey, one protoreflect.Value) bool {
					visit(one.Message(), found)
					return true
				})
			}
		case field.Message() == nil:
		case field.IsList():
			for i := 0; i < value.List().Len(); i++ {
				visit(value.List().Get(i).Message(), found)
			}
		default:
			visit(value.Message(), found)
		}
		return true
	})
}
