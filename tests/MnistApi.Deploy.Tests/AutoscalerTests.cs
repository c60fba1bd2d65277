using k8s.Models;
using MnistApi.TestData;
using YamlDotNet.RepresentationModel;

namespace MnistApi.Deploy.Tests;

/// <summary>Whether what the autoscalers go by is to be had, and agrees with what a pod asks for and lets in.</summary>
public sealed class AutoscalerTests
{
    [Theory]
    [InlineData("kubernetes/base")]
    [InlineData("kubernetes/overlays/production")]
    public async Task Aims_at_no_more_of_a_core_than_each_pod_asks_for(string name)
    {
        var documents = await Manifests.DocumentsAsync(name);
        var cpu = Metrics(documents).Single(metric => Pod.Text(metric, "resource", "name") == "cpu");
        var pod = Pod.Container(documents.Select(Pod.SpecOf).OfType<YamlMappingNode>().Single());
        Assert.True(Number(Pod.Text(cpu, "resource", "target", "averageValue")!) <= Number(Pod.Text(pod, "resources", "requests", "cpu")!));
    }

    [Fact]
    public async Task Goes_by_a_metric_of_the_service_that_the_adapter_makes()
    {
        var metric = Metrics(await Manifests.DocumentsAsync("kubernetes/overlays/production"))
            .Single(metric => Pod.Text(metric, "type") == "Pods");
        var adapter = new YamlStream();
        adapter.Load(new StringReader(await File.ReadAllTextAsync(
            Clone.PathOf("deploy", "monitoring", "prometheus-adapter.yml"), TestContext.Current.CancellationToken)));
        var rule = (YamlMappingNode)((YamlSequenceNode)adapter.Documents.Single().RootNode["rules"]).Single();
        Assert.Equal(Pod.Text(rule, "name", "as"), Pod.Text(metric, "pods", "metric", "name"));

        var series = Pod.Text(rule, "seriesQuery")!.Split('{')[0];
        var described = await File.ReadAllTextAsync(Clone.PathOf("deploy", "README.md"), TestContext.Current.CancellationToken);
        Assert.Contains($"`{series}`", described, StringComparison.Ordinal);
    }

    /// <summary>What is turned away at once is never in flight, so an autoscaler that counts what is in flight would not see it.</summary>
    [Theory]
    [InlineData("kserve/inference-service.yaml")]
    [InlineData("knative/service.yaml")]
    public async Task Lets_no_more_in_than_a_pod_of_one_core_works_on_and_queues(string name)
    {
        var document = (await Manifests.DocumentsAsync(name)).Single();
        var pod = Pod.SpecOf(document)!;
        var container = Pod.Container(pod);
        var queue = ((YamlSequenceNode)container["env"]).Cast<YamlMappingNode>()
            .Single(variable => Pod.Text(variable, "name") == "Overload__Queue");
        var max = Number(Pod.Text(pod, "containerConcurrency")!);
        var target = Pod.Text(pod, "scaleTarget")
            ?? Pod.Text(document, "spec", "template", "metadata", "annotations", "autoscaling.knative.dev/target")!;

        Assert.Equal("1", Pod.Text(container, "resources", "limits", "cpu"));
        Assert.True(max <= 1 + Number(Pod.Text(queue, "value")!));
        Assert.True(Number(target) <= max);
    }

    private static IEnumerable<YamlMappingNode> Metrics(YamlMappingNode[] documents) =>
        ((YamlSequenceNode)Pod.At(Manifests.Of(documents, "HorizontalPodAutoscaler"), "spec")!["metrics"]).Cast<YamlMappingNode>();

    private static decimal Number(string quantity) => new ResourceQuantity(quantity).ToDecimal();
}
