using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MnistApi.Health;

namespace MnistApi.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Live_and_ready_until_it_is_stopping()
    {
        await using var service = new Service();
        var client = service.CreateClient();
        Assert.Equal(new HealthResponse("live"),
            await client.GetFromJsonAsync<HealthResponse>("/health/live", Service.Json, TestContext.Current.CancellationToken));
        Assert.Equal(new HealthResponse("ready"),
            await client.GetFromJsonAsync<HealthResponse>("/health/ready", Service.Json, TestContext.Current.CancellationToken));

        Task<HttpResponseMessage>? asked = null;
        var lifetime = service.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(() =>
        {
            asked = client.GetAsync("/health/ready", CancellationToken.None);
            asked.Wait(TimeSpan.FromSeconds(10));
        });
        lifetime.StopApplication();
        Assert.Equal("the service is stopping", await asked!.ProblemAsync(HttpStatusCode.ServiceUnavailable));
    }
}
