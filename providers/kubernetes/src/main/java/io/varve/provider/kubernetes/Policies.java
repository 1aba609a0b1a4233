package io.varve.provider.kubernetes;

import java.util.List;
import java.util.stream.Stream;

/// The documents that grant Varve what it needs and nothing else, made from [Right]: for `kubectl apply`, and for
/// Terraform.
final class Policies {
    private static final String ACCOUNT = "varve";

    private Policies() {}

    /// A service account with a role in every namespace.
    static String clusterRole(boolean ephemeral) {
        return """
                # Varve: a service account that may read pods, their logs and events, and run commands in containers.
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: varve
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: varve
                  namespace: varve
                automountServiceAccountToken: false
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata:
                  name: varve-capture
                rules:
                """
                + rules(Stream.concat(rights(ephemeral).stream(), Right.NODE.stream())
                        .toList())
                + """
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata:
                  name: varve-capture
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: ClusterRole
                  name: varve-capture
                subjects:
                  - kind: ServiceAccount
                    name: varve
                    namespace: varve
                """;
    }

    /// The same for one namespace, called `shop` here; nodes are not read then.
    static String role(boolean ephemeral) {
        return """
                # Varve in one namespace: apply it in each that may be captured, with its name instead of shop.
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: varve-capture
                  namespace: shop
                rules:
                """ + rules(rights(ephemeral)) + """
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: varve-capture
                  namespace: shop
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: varve-capture
                subjects:
                  - kind: ServiceAccount
                    name: varve
                    namespace: varve
                """;
    }

    private static List<Right> rights(boolean ephemeral) {
        return Stream.concat(Right.CAPTURE.stream(), ephemeral ? Right.EPHEMERAL.stream() : Stream.empty())
                .toList();
    }

    private static String rules(List<Right> rights) {
        var text = new StringBuilder();
        for (Right right : rights) {
            text.append("  - apiGroups: [\"%s\"] # %s\n".formatted(right.group(), right.purpose()));
            text.append("    resources: [\"%s\"]\n".formatted(right.resource()));
            text.append("    verbs: %s\n".formatted(right.quotedVerbs()));
        }
        return text.toString();
    }

    static String terraform(boolean ephemeral) {
        var text = new StringBuilder("""
                # Varve: a service account that may read pods, their logs and events, and run commands in containers.
                resource "kubernetes_namespace_v1" "varve" {
                  metadata {
                    name = "varve"
                  }
                }

                resource "kubernetes_service_account_v1" "varve" {
                  metadata {
                    name      = "%1$s"
                    namespace = kubernetes_namespace_v1.varve.metadata[0].name
                  }
                  automount_service_account_token = false
                }

                resource "kubernetes_cluster_role_v1" "varve" {
                  metadata {
                    name = "varve-capture"
                  }
                """.formatted(ACCOUNT));
        for (Right right :
                Stream.concat(rights(ephemeral).stream(), Right.NODE.stream()).toList()) {
            text.append("""
                  rule {
                    api_groups = ["%s"]
                    resources  = ["%s"]
                    verbs      = %s
                  }
                """.formatted(right.group(), right.resource(), right.quotedVerbs()));
        }
        return text.append("""
                }

                resource "kubernetes_cluster_role_binding_v1" "varve" {
                  metadata {
                    name = "varve-capture"
                  }
                  role_ref {
                    api_group = "rbac.authorization.k8s.io"
                    kind      = "ClusterRole"
                    name      = kubernetes_cluster_role_v1.varve.metadata[0].name
                  }
                  subject {
                    kind      = "ServiceAccount"
                    name      = kubernetes_service_account_v1.varve.metadata[0].name
                    namespace = kubernetes_namespace_v1.varve.metadata[0].name
                  }
                }
                """).toString();
    }
}
