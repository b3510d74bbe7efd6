// The keys of Trustee's configuration files, as its structs of v0.21.0 have them. Each type names its source file in
// confidential-containers/trustee. serde ignores unknown keys in most of them, so a misspelt key would be silent: here it is not.
package main

import "fmt"

// kbs/src/config.rs: KbsConfig
type kbsConfig struct {
	SessionStorageType *storageType   `toml:"session_storage_type"`
	AttestationToken   tokenVerifier  `toml:"attestation_token"`
	AttestationService attestation    `toml:"attestation_service"`
	HTTPServer         *httpServer    `toml:"http_server"`
	Admin              *admin         `toml:"admin"`
	StorageBackend     storageBackend `toml:"storage_backend" json:"storage_backend"`
	Plugins            []plugin       `toml:"plugins"`
}

// kbs/src/config.rs: HttpServerConfig, TlsConfig
type httpServer struct {
	Sockets            []string `toml:"sockets"`
	InsecureHTTP       bool     `toml:"insecure_http"`
	PayloadRequestSize *uint32  `toml:"payload_request_size"`
	WorkerCount        *uint32  `toml:"worker_count"`
	PrivateKey         *string  `toml:"private_key"`
	Certificate        *string  `toml:"certificate"`
	TLSProfile         *profile `toml:"tls_profile"`
	TLSMinVersion      *string  `toml:"tls_min_version"`
	TLSMaxVersion      *string  `toml:"tls_max_version"`
	TLSCiphers         *string  `toml:"tls_ciphers"`
	TLSGroups          *string  `toml:"tls_groups"`
}

// kbs/src/token/mod.rs: AttestationTokenVerifierConfig
type tokenVerifier struct {
	ExtraTeekeyPaths  []string `toml:"extra_teekey_paths"`
	TrustedCertsPaths []string `toml:"trusted_certs_paths"`
	TrustedJwkSets    []string `toml:"trusted_jwk_sets"`
	InsecureHeaderJwk bool     `toml:"insecure_header_jwk"`
}

// kbs/src/attestation/config.rs: AttestationConfig; kbs/src/attestation/coco/grpc.rs: GrpcConfig
type attestation struct {
	Type     serviceType `toml:"type"`
	AsAddr   *string     `toml:"as_addr"`
	PoolSize *uint64     `toml:"pool_size"`
	Timeout  *int64      `toml:"timeout"`
}

// kbs/src/admin/mod.rs: AdminConfig, which refuses unknown keys itself
type admin struct {
	AuthorizationMode adminMode       `toml:"authorization_mode"`
	Authentication    *authentication `toml:"authentication"`
	Authorization     *authorization  `toml:"authorization"`
}

// kbs/src/admin/authentication/bearer_jwt.rs: BearerJwtConfig, IssuerConfig
type authentication struct {
	BearerJwt struct {
		IdentityProviders []struct {
			Issuer       *string `toml:"issuer"`
			Audience     *string `toml:"audience"`
			PublicKeyURI *string `toml:"public_key_uri"`
			JwkSetURI    *string `toml:"jwk_set_uri"`
		} `toml:"identity_providers"`
	} `toml:"bearer_jwt"`
}

// kbs/src/admin/authorization/regex_acl.rs: RegexAclConfig, AdminAclRule
type authorization struct {
	RegexACL struct {
		Acls []struct {
			Role             string `toml:"role"`
			AllowedEndpoints string `toml:"allowed_endpoints"`
		} `toml:"acls"`
	} `toml:"regex_acl"`
}

// kbs/src/plugins/plugin_manager.rs: PluginsConfig; plugins/implementations/resource/backend.rs: RepositoryConfig
type plugin struct {
	Name               pluginName  `toml:"name"`
	StorageBackendType backendType `toml:"storage_backend_type"`
}

// deps/key-value-storage/src/lib.rs: StorageBackendConfig, KeyValueStorageStructConfig
type storageBackend struct {
	StorageType storageType `toml:"storage_type" json:"storage_type"`
	Backends    struct {
		// deps/key-value-storage/src/postgres/mod.rs: Config
		Postgres *struct {
			DB       *string `toml:"db" json:"db"`
			Username *string `toml:"username" json:"username"`
			Password *string `toml:"password" json:"password"`
			Port     *uint16 `toml:"port" json:"port"`
			Host     *string `toml:"host" json:"host"`
		} `toml:"postgres" json:"postgres"`
		// deps/key-value-storage/src/local_fs/mod.rs: Config
		LocalFs *struct {
			DirPath string `toml:"dir_path" json:"dir_path"`
		} `toml:"local_fs" json:"local_fs"`
		// deps/key-value-storage/src/local_json/mod.rs: Config
		LocalJSON *struct {
			FileDirPath string `toml:"file_dir_path" json:"file_dir_path"`
		} `toml:"local_json" json:"local_json"`
	} `toml:"backends" json:"backends"`
}

// attestation-service/src/config.rs: Config
type asConfig struct {
	StorageBackend storageBackend `json:"storage_backend"`
	// attestation-service/src/rvps/mod.rs: RvpsConfig; rvps/grpc.rs: RvpsRemoteConfig
	RvpsConfig struct {
		Type    rvpsType `json:"type"`
		Address string   `json:"address"`
	} `json:"rvps_config"`
	// attestation-service/src/ear_token/mod.rs: EarTokenConfiguration, TokenSignerConfig
	AttestationTokenBroker struct {
		DurationMin   *int64  `json:"duration_min"`
		IssuerName    *string `json:"issuer_name"`
		DeveloperName *string `json:"developer_name"`
		BuildName     *string `json:"build_name"`
		ProfileName   *string `json:"profile_name"`
		VerboseToken  *bool   `json:"verbose_token"`
		Signer        *struct {
			KeyPath  string  `json:"key_path"`
			CertURL  *string `json:"cert_url"`
			CertPath *string `json:"cert_path"`
		} `json:"signer"`
	} `json:"attestation_token_broker"`
	// deps/verifier/src/lib.rs: VerifierConfig
	VerifierConfig struct {
		// deps/verifier/src/snp/mod.rs: SnpVerifierConfig, VCEKSource
		SnpVerifier *struct {
			VcekSources []struct {
				Type    vcekSource `json:"type"`
				BaseURL *string    `json:"base_url"`
				Path    *string    `json:"path"`
			} `json:"vcek_sources"`
		} `json:"snp_verifier"`
		// deps/verifier/src/intel_dcap/mod.rs: QcnlConfig
		DcapVerifier *struct {
			CollateralService string         `json:"collateral_service"`
			UseSecureCert     *bool          `json:"use_secure_cert"`
			TCBUpdateType     *tcbUpdateType `json:"tcb_update_type"`
		} `json:"dcap_verifier"`
	} `json:"verifier_config"`
}

// rvps/src/config.rs: Config. Extractors are not used here.
type rvpsConfig struct {
	Storage storageBackend `json:"storage"`
}

// rvps/src/reference_value.rs: ReferenceValue
type referenceValue struct {
	Version    string `json:"version"`
	Name       string `json:"name"`
	Expiration string `json:"expiration"`
	Value      any    `json:"value"`
}

type (
	storageType   string
	profile       string
	serviceType   string
	adminMode     string
	pluginName    string
	backendType   string
	rvpsType      string
	vcekSource    string
	tcbUpdateType string
)

func oneOf[T ~string](target *T, text []byte, known ...string) error {
	for _, one := range known {
		if one == string(text) {
			*target = T(text)
			return nil
		}
	}
	return fmt.Errorf("unknown variant %q, expected one of %v", text, known)
}

// Variants, of the enums named above.
func (t *storageType) UnmarshalText(b []byte) error {
	return oneOf(t, b, "Memory", "memory", "LocalJson", "local_json", "LocalFs", "local_fs", "Postgres", "postgres", "Redis", "redis")
}
func (t *profile) UnmarshalText(b []byte) error {
	return oneOf(t, b, "old", "intermediate", "modern", "custom")
}
func (t *serviceType) UnmarshalText(b []byte) error {
	return oneOf(t, b, "CoCoASGrpc", "coco_as_grpc")
}
func (t *adminMode) UnmarshalText(b []byte) error {
	return oneOf(t, b, "InsecureAllowAll", "DenyAll", "AuthenticatedAuthorization")
}
func (t *pluginName) UnmarshalText(b []byte) error  { return oneOf(t, b, "resource") }
func (t *backendType) UnmarshalText(b []byte) error { return oneOf(t, b, "KvStorage", "kvstorage") }
func (t *rvpsType) UnmarshalText(b []byte) error    { return oneOf(t, b, "BuiltIn", "GrpcRemote") }
func (t *vcekSource) UnmarshalText(b []byte) error  { return oneOf(t, b, "OfflineStore", "KDS") }
func (t *tcbUpdateType) UnmarshalText(b []byte) error {
	return oneOf(t, b, "early", "standard")
}
