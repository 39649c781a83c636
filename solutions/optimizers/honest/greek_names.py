"""The formulas' own letters as names."""

import torch


def gradient_descent(f, x0, lr, steps):
    η, xₖ = lr, x0.detach().clone()
    weg = [xₖ]
    for _ in range(steps):
        xₖ = xₖ.clone().requires_grad_()
        grad_f = torch.autograd.grad(f(xₖ), xₖ)[0]
        xₖ = (xₖ - η * grad_f).detach()
        weg.append(xₖ)
    return torch.stack(weg)


def nesterov_step(param, grad, velocity, lr, momentum):
    μ, θ = momentum, param
    ν = μ * velocity + grad
    return θ - lr * (grad + μ * ν), ν


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    ρ, ε, g = rho, eps, grad
    s = ρ * square_avg + (1 - ρ) * g**2
    Δ = torch.sqrt(delta_avg + ε) / torch.sqrt(s + ε) * g
    d = ρ * delta_avg + (1 - ρ) * Δ**2
    return param - lr * Δ, s, d


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    α, β1, β2, ε = lr, beta1, beta2, eps
    m = β1 * m + (1 - β1) * grad
    v = β2 * v + (1 - β2) * grad**2
    αₜ = α * (1 - β2**t) ** 0.5 / (1 - β1**t)
    # ε has to be scaled along with v when the correction moves into the rate.
    return param - αₜ * m / (torch.sqrt(v) + ε * (1 - β2**t) ** 0.5), m, v
