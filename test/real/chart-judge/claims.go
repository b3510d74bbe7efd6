// Claims: vCluster's own syncer carries a tenant's volume claims to a host that is only in memory.
package main

import (
	"context"

	"github.com/go-logr/logr"
	pkgconfig "github.com/loft-sh/vcluster/pkg/config"
	"github.com/loft-sh/vcluster/pkg/controllers/resources/persistentvolumeclaims"
	"github.com/loft-sh/vcluster/pkg/mappings"
	"github.com/loft-sh/vcluster/pkg/mappings/resources"
	"github.com/loft-sh/vcluster/pkg/mappings/store"
	"github.com/loft-sh/vcluster/pkg/scheme"
	setupconfig "github.com/loft-sh/vcluster/pkg/setup/config"
	"github.com/loft-sh/vcluster/pkg/syncer/synccontext"
	syncertypes "github.com/loft-sh/vcluster/pkg/syncer/types"
	vclustertesting "github.com/loft-sh/vcluster/pkg/util/testing"
	"github.com/loft-sh/vcluster/pkg/util/translate"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Claim is a PersistentVolumeClaim: the tenant's in a case, the host's in a result. The host has the
// StorageClass that the tenant's claim names, without labels. Its API server defaults nothing here.
type Claim struct {
	Name             string  `json:"name"`
	Namespace        string  `json:"namespace"`
	StorageClassName *string `json:"storageClassName,omitempty"`
}

// judgeClaims answers with the claims that arrive on the host. cfg has passed the start-up validation.
func judgeClaims(cfg *pkgconfig.VirtualClusterConfig, claims []Claim, r *Result) error {
	if len(claims) == 0 {
		return nil
	}
	r.Claims = []Claim{}
	if !cfg.Sync.ToHost.PersistentVolumeClaims.Enabled {
		return nil // vCluster then starts no such syncer: pkg/controllers/resources/register.go
	}

	// As InitAndValidateConfig does, which also wants to run in a cluster. InitClients only dials later.
	translate.VClusterName = cfg.Name
	cfg.HostConfig = &rest.Config{}
	if err := setupconfig.InitClients(cfg); err != nil {
		r.refuse(err)
		return nil
	}
	for _, c := range claims {
		arrived, refused, err := syncClaim(cfg, c)
		if err != nil {
			return err
		}
		r.refuse(refused)
		r.Claims = append(r.Claims, arrived...)
	}
	return nil
}

// syncClaim syncs one claim to a host of its own, and reads back what that host then has.
func syncClaim(cfg *pkgconfig.VirtualClusterConfig, c Claim) (arrived []Claim, refused, err error) {
	host, tenant := vclustertesting.NewFakeClient(scheme.Scheme), vclustertesting.NewFakeClient(scheme.Scheme)
	ctx := &synccontext.RegisterContext{
		Context:                klog.NewContext(context.Background(), logr.Discard()),
		Config:                 cfg,
		CurrentNamespace:       cfg.HostNamespace,
		CurrentNamespaceClient: host,
		HostManager:            vclustertesting.NewFakeManager(host),
		VirtualManager:         vclustertesting.NewFakeManager(tenant),
	}
	known, err := store.NewStore(ctx, tenant, host, store.NewMemoryBackend())
	if err != nil {
		return nil, nil, err
	}
	ctx.Mappings = mappings.NewMappingsRegistry(known)
	mapper, err := resources.CreatePersistentVolumeClaimsMapper(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := ctx.Mappings.AddMapper(mapper); err != nil {
		return nil, nil, err
	}
	syncer, err := persistentvolumeclaims.New(ctx)
	if err != nil {
		return nil, nil, err
	}

	claim := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: c.Name, Namespace: c.Namespace}}
	claim.Spec.StorageClassName = c.StorageClassName
	if err := tenant.Create(ctx, claim); err != nil {
		return nil, nil, err
	}
	if c.StorageClassName != nil && *c.StorageClassName != "" {
		class := &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: *c.StorageClassName}}
		if err := host.Create(ctx, class); err != nil {
			return nil, nil, err
		}
	}
	event := synccontext.NewSyncToHostEvent[client.Object](claim)
	_, refused = syncer.(syncertypes.Syncer).Syncer().SyncToHost(ctx.ToSyncContext(syncer.Name()), event)

	var list corev1.PersistentVolumeClaimList
	if err := host.List(ctx, &list); err != nil {
		return nil, nil, err
	}
	for _, p := range list.Items {
		arrived = append(arrived, Claim{p.Name, p.Namespace, p.Spec.StorageClassName})
	}
	return arrived, refused, nil
}
