"""M/M/8 at 90% in SimPy and in Ciw, by what is installed: `in_python.py simpy|ciw CUSTOMERS`.

Prints millions of customers a second and the mean wait, whose exact value is 0.876916.
"""

import random
import sys
import time

SERVERS = 8
RATE = 7.2


def with_simpy(customers):
    import simpy

    environment = simpy.Environment()
    servers = simpy.Resource(environment, capacity=SERVERS)
    waits = []

    def customer():
        came = environment.now
        with servers.request() as turn:
            yield turn
            waits.append(environment.now - came)
            yield environment.timeout(random.expovariate(1.0))

    def source():
        for _ in range(customers):
            environment.process(customer())
            yield environment.timeout(random.expovariate(RATE))

    environment.process(source())
    environment.run()
    return sum(waits) / len(waits)


def with_ciw(customers):
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=RATE)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[SERVERS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Arrive")
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return sum(waits) / len(waits)


def main():
    peer, customers = sys.argv[1], int(sys.argv[2])
    random.seed(1)
    started = time.perf_counter()
    wait = {"simpy": with_simpy, "ciw": with_ciw}[peer](customers)
    rate = customers / (time.perf_counter() - started) / 1e6
    print(f"{peer} {rate:.6f} {wait:.4f}")


if __name__ == "__main__":
    main()
