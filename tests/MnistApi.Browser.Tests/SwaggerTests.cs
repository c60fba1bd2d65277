namespace MnistApi.Browser.Tests;

/// <summary>Swagger UI, as it is set up.</summary>
public sealed class SwaggerTests(PageService service) : IClassFixture<PageService>
{
    [Fact]
    public async Task Plots_are_pictures_and_the_schemas_are_folded()
    {
        await using var visit = await Visit.OpenAsync(service, Visit.Screen, path: "swagger/index.html");
        await visit.WaitAsync("document.querySelector('[id$=activationPlot] button')");
        Assert.Equal(0, await visit.AskAsync<int>("document.querySelectorAll('.model-container').length"));

        await visit.Page.ClickAsync("[id$=activationPlot] .opblock-summary-control");
        await visit.WaitAsync("document.querySelector('[id$=activationPlot] .model-example img')?.naturalWidth > 0"); // the example
        await visit.Page.ClickAsync("[id$=activationPlot] .try-out__btn");
        await visit.Page.ClickAsync("[id$=activationPlot] .execute");
        await visit.WaitAsync("document.querySelector('[id$=activationPlot] .live-responses-table img')?.naturalWidth > 0");
        Assert.DoesNotContain("No links", await visit.TextAsync("[id$=activationPlot] .responses-wrapper"), StringComparison.Ordinal);
        await visit.ShootAsync("swagger-light");
        await visit.EmulateAsync("dark");
        await visit.ShootAsync("swagger-dark");
    }
}
