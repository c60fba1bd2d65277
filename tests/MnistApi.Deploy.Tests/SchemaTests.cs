using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace MnistApi.Deploy.Tests;

/// <summary>By two validators, since each finds what the other lets through.</summary>
public sealed class SchemaTests
{
    private static readonly string[] s_othersKinds = ["serving.kserve.io/v1beta1", "serving.knative.dev/v1"];

    /// <summary>What KServe's predictor and Knative's revision have beside a pod's fields, as far as it is used here.</summary>
    private static readonly string[] s_known =
        ["minReplicas", "maxReplicas", "scaleMetric", "scaleTarget", "timeout", "containers", "containerConcurrency", "timeoutSeconds"];

    [Theory]
    [MemberData(nameof(Manifests.All), MemberType = typeof(Manifests))]
    public async Task No_field_is_unknown(string name)
    {
        foreach (var document in await Manifests.DocumentsAsync(name))
        {
            if (!s_othersKinds.Contains(document["apiVersion"].ToString()))
            {
                Assert.Single(KubernetesYaml.LoadAllFromString(Text(document), null, strict: true));
                continue;
            }
            var pod = Pod.SpecOf(document)!;
            Assert.All(pod.Children.Keys, key => Assert.Contains(key.ToString(), s_known));
            foreach (var container in (YamlSequenceNode)pod["containers"])
                KubernetesYaml.Deserialize<V1Container>(Text(container), strict: true);
        }
    }

    [Theory]
    [InlineData("kubernetes/base")]
    [InlineData("kubernetes/overlays/development")]
    [InlineData("kubernetes/overlays/production")]
    [InlineData("knative/service.yaml")] // no package carries KServe's schema
    public async Task Every_field_is_as_the_schema_wants_it(string name)
    {
        var (exitCode, output) = await Manifests.RunAsync("node", ["validate.mjs"], await Manifests.TextAsync(name));
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [InlineData("replicaz: 2")]
    [InlineData("replicas: two")]
    public async Task One_of_the_two_refuses_what_is_wrong(string line)
    {
        var deployment = Manifests.Of(await Manifests.DocumentsAsync("kubernetes/overlays/development"), "Deployment");
        var broken = Text(deployment).Replace("replicas: 1", line, StringComparison.Ordinal);
        Assert.Contains(line, broken);
        var strict = Record.Exception(() => KubernetesYaml.LoadAllFromString(broken, null, strict: true));
        var (exitCode, _) = await Manifests.RunAsync("node", ["validate.mjs"], broken);
        Assert.True(strict is not null || exitCode != 0, "both let it through");
    }

    private static string Text(YamlNode node)
    {
        using var text = new StringWriter();
        new YamlStream(new YamlDocument(node)).Save(text, assignAnchors: false);
        return text.ToString();
    }
}
