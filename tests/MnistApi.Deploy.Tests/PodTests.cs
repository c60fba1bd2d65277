using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace MnistApi.Deploy.Tests;

/// <summary>What every pod of deploy/ must be, whoever runs it.</summary>
public sealed class PodTests
{
    [Theory]
    [MemberData(nameof(Manifests.All), MemberType = typeof(Manifests))]
    public async Task Keeps_to_the_restricted_pod_security_standard(string name)
    {
        var pod = await PodAsync(name);
        var container = Pod.Container(pod);
        string? Either(params string[] path) =>
            Pod.Text(container, ["securityContext", .. path]) ?? Pod.Text(pod, ["securityContext", .. path]);

        Assert.Equal("true", Either("runAsNonRoot"));
        Assert.Equal("RuntimeDefault", Either("seccompProfile", "type"));
        Assert.Equal("false", Pod.Text(container, "securityContext", "allowPrivilegeEscalation"));
        Assert.Equal("true", Pod.Text(container, "securityContext", "readOnlyRootFilesystem"));
        Assert.Equal(
            ["ALL"], ((YamlSequenceNode)Pod.At(container, "securityContext", "capabilities")!["drop"]).Select(node => node.ToString()));
        Assert.DoesNotContain(pod.Children.Keys, key => key.ToString() is "hostNetwork" or "hostPID" or "hostIPC");
    }

    [Theory]
    [MemberData(nameof(Manifests.All), MemberType = typeof(Manifests))]
    public async Task Says_what_it_needs_and_when_it_is_ready(string name)
    {
        var container = Pod.Container(await PodAsync(name));
        foreach (var kind in new[] { "requests", "limits" })
        {
            Assert.NotNull(Pod.Text(container, "resources", kind, "cpu"));
            Assert.NotNull(Pod.Text(container, "resources", kind, "memory"));
        }
        Assert.EndsWith("/health/ready", Pod.Text(container, "readinessProbe", "httpGet", "path"), StringComparison.Ordinal);
        Assert.EndsWith("/health/live", Pod.Text(container, "livenessProbe", "httpGet", "path"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubernetes/base")]
    [InlineData("kubernetes/overlays/development")]
    [InlineData("kubernetes/overlays/production")]
    public async Task Has_time_to_drain_before_it_is_killed(string name)
    {
        var pod = await PodAsync(name);
        var drain = ((YamlSequenceNode)Pod.Container(pod)["env"]).Cast<YamlMappingNode>()
            .Single(variable => Pod.Text(variable, "name") == "Shutdown__DrainSeconds");
        var grace = int.Parse(Pod.Text(pod, "terminationGracePeriodSeconds")!, CultureInfo.InvariantCulture);
        Assert.True(int.Parse(Pod.Text(drain, "value")!, CultureInfo.InvariantCulture) + 10 <= grace);
    }

    [Theory]
    [InlineData("kubernetes/base")]
    [InlineData("kubernetes/overlays/production")]
    public async Task Is_what_the_services_the_budget_and_the_policy_select(string name)
    {
        var documents = await Manifests.DocumentsAsync(name);
        var labels = Pod.At(Manifests.Of(documents, "Deployment"), "spec", "template", "metadata", "labels")!;
        var selectors = documents.Select(document => document["kind"].ToString() switch
        {
            "Service" => Pod.At(document, "spec", "selector"),
            "PodDisruptionBudget" => Pod.At(document, "spec", "selector", "matchLabels"),
            "NetworkPolicy" => Pod.At(document, "spec", "podSelector", "matchLabels"),
            _ => null,
        }).OfType<YamlMappingNode>().ToArray();
        Assert.Equal(4, selectors.Length);
        Assert.All(selectors, selector => Assert.All(selector.Children, label => Assert.Equal(label.Value, labels[label.Key])));
    }

    private static async Task<YamlMappingNode> PodAsync(string name) =>
        (await Manifests.DocumentsAsync(name)).Select(Pod.SpecOf).OfType<YamlMappingNode>().Single();
}
