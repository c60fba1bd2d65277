using System.Net.Http.Json;
using System.Security.Cryptography;
using MnistApi.Model;

namespace MnistApi.Tests.Model;

public sealed class ModelTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task The_model_describes_itself()
    {
        var answer = (
            await service.CreateClient().GetFromJsonAsync<ModelResponse>("/model", Service.Json, TestContext.Current.CancellationToken))!;
        Assert.Equal(("mnist", "784-50-100-10", 45360), (answer.Name, answer.Architecture, answer.Parameters));
        Assert.Equal(
            [new LayerResponse("layer1", 784, 50, "sigmoid"), new LayerResponse("layer2", 50, 100, "sigmoid"),
                new LayerResponse("layer3", 100, 10, "softmax")],
            answer.Layers);
        Assert.Equal(Convert.ToHexStringLower(
            SHA256.HashData(await File.ReadAllBytesAsync(new ModelOptions().Path, TestContext.Current.CancellationToken))), answer.Sha256);
        Assert.StartsWith("mnist train ", answer.Metadata["created_by"]);
    }
}
