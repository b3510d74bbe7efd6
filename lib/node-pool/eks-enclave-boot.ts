// What a node with enclaves runs at every boot: reserve CPUs and huge pages, then let kubelet start.
import { ENCLAVE_GROUP, ENCLAVE_SECCOMP_PROFILE } from "./eks-enclaves";
import { HUGE_PAGE_MIB } from "./enclave-pod";
import type { EnclaveCapacity } from "./node-pool";

/** Folder of the kernel's counters, for the page size in KiB. */
const HUGE_PAGES = "/sys/kernel/mm/hugepages";

const PROFILE = `/var/lib/kubelet/seccomp/${ENCLAVE_SECCOMP_PROFILE}`;

/**
 * The script, as lines of a `text/cloud-boothook` part: cloud-init runs it at every boot, after nodeadm-config and long
 * before nodeadm-run, which starts kubelet.
 *
 * The allocator takes the largest pages there are first, so pods that ask for the smaller ones would find none: the
 * pages are turned into the size asked for. A node where anything failed does not join: kubelet is started only with
 * the allocator active and the exact number of pages.
 * SOURCE: aws/aws-nitro-enclaves-cli nitro-enclaves-allocator and its package, 2026-08-13; awslabs/amazon-eks-ami
 * nodeadm-run.service, 2026-07-23.
 */
export function enclaveBootHook({ nodeMemoryMiB, nodeVcpus, hugePages }: EnclaveCapacity): string[] {
  const pageMiB = HUGE_PAGE_MIB[hugePages.replace("hugepages-", "")]!;
  const pageKiB = pageMiB * 1024;
  const gate = "/etc/systemd/system/nodeadm-run.service.d";
  return [
    "#cloud-boothook",
    "#!/bin/bash",
    "set -euo pipefail",
    "# First, so that a failure below keeps kubelet from starting.",
    `mkdir -p ${gate} /etc/nitro_enclaves ${PROFILE.slice(0, PROFILE.lastIndexOf("/"))}`,
    `cat >${gate}/enclaves.conf <<'END'`,
    "[Unit]",
    "After=nitro-enclaves-allocator.service",
    "[Service]",
    "ExecStartPre=/usr/bin/systemctl is-active --quiet nitro-enclaves-allocator.service",
    `ExecStartPre=/usr/bin/grep -qx ${nodeMemoryMiB / pageMiB} ${HUGE_PAGES}/hugepages-${pageKiB}kB/nr_hugepages`,
    "END",
    "systemctl daemon-reload",
    `cat >${PROFILE} <<'END'`,
    JSON.stringify(SECCOMP),
    "END",
    `getent group ne >/dev/null || groupadd --gid ${ENCLAVE_GROUP} ne`,
    "command -v nitro-cli >/dev/null || dnf install -y aws-nitro-enclaves-cli",
    "cat >/etc/nitro_enclaves/allocator.yaml <<'END'",
    "---",
    `memory_mib: ${nodeMemoryMiB}`,
    `cpu_count: ${nodeVcpus}`,
    "END",
    "systemctl enable nitro-enclaves-allocator.service",
    "systemctl restart nitro-enclaves-allocator.service",
    `# Pages of every size become pages of ${pageKiB} KiB, on the NUMA node the allocator chose.`,
    "for node in /sys/devices/system/node/node*; do",
    "  kib=0",
    "  for pages in $node/hugepages/hugepages-*; do",
    "    size=$(basename $pages | tr -cd 0-9)",
    "    kib=$((kib + size * $(cat $pages/nr_hugepages)))",
    "    echo 0 >$pages/nr_hugepages",
    "  done",
    `  echo $((kib / ${pageKiB})) >$node/hugepages/hugepages-${pageKiB}kB/nr_hugepages`,
    "done",
  ];
}

/** What the runtime's own profile refuses and no program in a container needs. SOURCE: Docker documentation, Seccomp security profiles, 2026. */
const REFUSED = [
  "_sysctl",
  "acct",
  "add_key",
  "bpf",
  "clock_adjtime",
  "clock_settime",
  "create_module",
  "delete_module",
  "finit_module",
  "fsconfig",
  "fsmount",
  "fsopen",
  "fspick",
  "get_kernel_syms",
  "init_module",
  "io_uring_enter",
  "io_uring_register",
  "io_uring_setup",
  "ioperm",
  "iopl",
  "kcmp",
  "kexec_file_load",
  "kexec_load",
  "keyctl",
  "lookup_dcookie",
  "mount",
  "mount_setattr",
  "move_mount",
  "move_pages",
  "name_to_handle_at",
  "nfsservctl",
  "open_by_handle_at",
  "open_tree",
  "perf_event_open",
  "pivot_root",
  "query_module",
  "quotactl",
  "reboot",
  "request_key",
  "setns",
  "settimeofday",
  "stime",
  "swapoff",
  "swapon",
  "sysfs",
  "umount",
  "umount2",
  "unshare",
  "uselib",
  "userfaultfd",
  "ustat",
];

/** Linux' numbers. */
const AF_ALG = 38;
const CLONE_NEWUSER = 0x10000000;
const ENOSYS = 38;

/**
 * A profile for pods that run enclaves. The runtime's own refuses AF_VSOCK, the only way to an enclave (SOURCE:
 * containerd#7442 and #7510; EKS images carry containerd 2). This one refuses a list and allows the rest, so it is
 * weaker than the runtime's own.
 */
const SECCOMP = {
  defaultAction: "SCMP_ACT_ALLOW",
  syscalls: [
    { names: REFUSED, action: "SCMP_ACT_ERRNO" },
    { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
    {
      names: ["clone"],
      action: "SCMP_ACT_ERRNO",
      args: [{ index: 0, value: CLONE_NEWUSER, valueTwo: CLONE_NEWUSER, op: "SCMP_CMP_MASKED_EQ" }],
    },
    {
      names: ["socket"],
      action: "SCMP_ACT_ERRNO",
      args: [{ index: 0, value: AF_ALG, op: "SCMP_CMP_EQ" }],
    },
  ],
};
